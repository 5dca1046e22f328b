-- What people are told: changes that are still held back, what went out to whom, and by which ways.

-- A session that was changed and of which nobody was told yet, as people last knew it.
CREATE TABLE held_changes (
    event_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    known TEXT,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    is_import BOOLEAN NOT NULL,
    PRIMARY KEY (event_id, session_id)
);
CREATE INDEX held_changes_by_due ON held_changes (due_at);

-- What goes out to many at once: the changes of one moment, or an announcement. `next_at` says when it is
-- to be worked on; a node claims it by moving that into the future.
CREATE TABLE dispatches (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    next_at BIGINT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    reach_due_at BIGINT,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX dispatches_by_next ON dispatches (next_at);
CREATE INDEX dispatches_by_reach ON dispatches (reach_due_at);

-- Whom a dispatch concerns, why, and what is known of it having reached them. `seq` is the commit that put the
-- notice into their inbox.
CREATE TABLE dispatch_people (
    event_id TEXT NOT NULL,
    dispatch_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    must_acknowledge BOOLEAN NOT NULL,
    told_at BIGINT,
    channel TEXT,
    seen_at BIGINT,
    acknowledged_at BIGINT,
    by_hand_at BIGINT,
    by_hand_by TEXT,
    by_hand_note TEXT,
    PRIMARY KEY (event_id, dispatch_id, attendee_id)
);
CREATE INDEX dispatch_people_by_attendee ON dispatch_people (event_id, attendee_id);
CREATE INDEX dispatch_people_by_notice ON dispatch_people (event_id, notice_id);

-- How a device is reached by push, and what its user wants to be told by it. Without an address it is not
-- reached.
CREATE TABLE push_devices (
    device_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    provider TEXT,
    address TEXT,
    preferences TEXT NOT NULL,
    registered_at BIGINT,
    failed_at BIGINT,
    failure TEXT
);
CREATE INDEX push_devices_by_account ON push_devices (account_id);

-- Pushes that are to be sent, one for each device. A worker claims one by moving its next attempt into the
-- future. What they say is put into words when they leave.
CREATE TABLE pushes (
    id TEXT NOT NULL PRIMARY KEY,
    event_id TEXT NOT NULL,
    dispatch_id TEXT,
    notice_id TEXT,
    attendee_id TEXT,
    device_id TEXT NOT NULL,
    covers TEXT NOT NULL,
    spread_s BIGINT NOT NULL,
    is_urgent BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    attempt_count BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    failure TEXT,
    holds_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX pushes_by_state ON pushes (state, next_attempt_at);
CREATE INDEX pushes_by_dispatch ON pushes (event_id, dispatch_id);
CREATE INDEX pushes_by_device ON pushes (device_id);
CREATE INDEX pushes_by_attendee ON pushes (event_id, attendee_id);
