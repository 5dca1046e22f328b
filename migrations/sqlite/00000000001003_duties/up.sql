-- Who works where, which messages a second person approves, and what is told of vehicles.

-- Somebody's duty at a part, session, room or vehicle, for a time or for all of it.
CREATE TABLE duties (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    collection TEXT NOT NULL,
    object_id TEXT NOT NULL,
    from_at BIGINT,
    to_at BIGINT,
    note TEXT,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX duties_by_object ON duties (event_id, object_id);
CREATE INDEX duties_by_attendee ON duties (event_id, attendee_id);

-- The rules of an event, as one document.
CREATE TABLE approval_rules (
    event_id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

-- The vehicles that people knew to run for it, by id; none where nobody was to be told of any.
ALTER TABLE held_changes ADD COLUMN vehicles TEXT;
