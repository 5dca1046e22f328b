-- What is done at a desk beside checks: walk-ins, handing out and lending, notes for whoever sees a guest
-- first, photos; and the marks of parts on badges.

-- Something that was handed out, lent or taken back: a fact that nothing changes. `fact` is made of its
-- whole content, so that one that is handed in twice is kept once, and another under the same id beside
-- it. `item` stands for what is lent.
CREATE TABLE handovers (
    event_id TEXT NOT NULL,
    fact TEXT NOT NULL,
    handover_id TEXT NOT NULL,
    item TEXT,
    delegation_id TEXT,
    undoes TEXT,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    device_id TEXT,
    account_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (event_id, fact)
);
CREATE INDEX handovers_by_id ON handovers (event_id, handover_id);
CREATE INDEX handovers_by_item ON handovers (event_id, item);
CREATE INDEX handovers_by_undone ON handovers (event_id, undoes);

-- Whom it was handed or lent to.
CREATE TABLE handover_people (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (event_id, attendee_id, fact)
);
CREATE INDEX handover_people_by_fact ON handover_people (event_id, fact);

-- What whoever sees a guest first is to read.
CREATE TABLE door_notes (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    text TEXT NOT NULL,
    written_by TEXT,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id)
);

-- Who was registered at a desk, without or before the server. `may_be` lists the attendees who may be the
-- same person; `settled_at` is when somebody said who they are.
CREATE TABLE walk_ins (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    device_id TEXT,
    account_id TEXT,
    carrier BIGINT,
    may_be TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (event_id, attendee_id)
);

-- Photos of attendees, named by the SHA-256 of their bytes; `content` is those in base64.
CREATE TABLE photos (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content TEXT NOT NULL,
    put_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id)
);
CREATE INDEX photos_by_hash ON photos (event_id, hash);

-- The mark on badges that stands for a part. It is never another part's, whatever comes or goes.
CREATE TABLE part_marks (
    event_id TEXT NOT NULL,
    part_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (event_id, part_id)
);
