-- What happened at checkpoints, and what follows from it.

-- A scan: a fact that nothing changes. `fact` is made of its whole content, so that one that is handed in
-- twice is kept once, and another under the same id beside it. `body` is the scan as JSON; the columns
-- beside it are what queries look at. `at` is its time by the server's clock as far as the device knew it.
-- `asked` and `verdict` are there where the server was asked.
CREATE TABLE scans (
    event_id TEXT NOT NULL,
    fact TEXT NOT NULL,
    scan_id TEXT NOT NULL,
    area_id TEXT NOT NULL,
    session_id TEXT,
    checkpoint_id TEXT NOT NULL,
    guest TEXT,
    undoes TEXT,
    is_count BOOLEAN NOT NULL,
    is_implausible BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    device_id TEXT,
    account_id TEXT,
    asked TEXT,
    verdict TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (event_id, fact)
);
CREATE INDEX scans_by_id ON scans (event_id, scan_id);
CREATE INDEX scans_by_guest ON scans (event_id, guest);
CREATE INDEX scans_by_undone ON scans (event_id, undoes);
CREATE INDEX scans_by_time ON scans (event_id, at, fact);
CREATE INDEX scans_by_area ON scans (event_id, area_id, is_count);

-- What was handed in as a scan and cannot be read as one, as it came.
CREATE TABLE scan_oddities (
    event_id TEXT NOT NULL,
    fact TEXT NOT NULL,
    device_id TEXT,
    account_id TEXT,
    received_at BIGINT NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (event_id, fact)
);

-- That a guest was let in, derived from all scans of them. `session_id` is empty where the area guards no
-- room.
CREATE TABLE admissions (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    area_id TEXT NOT NULL,
    session_id TEXT,
    guest TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    is_inside BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX admissions_by_guest ON admissions (event_id, guest);
CREATE INDEX admissions_by_area ON admissions (event_id, area_id, session_id, is_inside);

-- What is odd about scans, until a desk lead has looked at it. What was resolved stays.
CREATE TABLE incidents (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    guest TEXT,
    other_guest TEXT,
    found_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT,
    note TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX incidents_by_guest ON incidents (event_id, guest);
CREATE INDEX incidents_by_other_guest ON incidents (event_id, other_guest);

-- The rooms that a published session has left, so that their doors can say where it is.
CREATE TABLE session_moves (
    event_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    room_id TEXT NOT NULL,
    moved_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, session_id, room_id)
);
