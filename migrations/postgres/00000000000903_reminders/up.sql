-- How long before sessions people are reminded of them.

-- What somebody chose for one kind of sessions, in minutes; none where they want no reminder of them.
CREATE TABLE reminder_choices (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    minutes BIGINT,
    PRIMARY KEY (event_id, attendee_id, kind)
);

-- Until when an event's reminders have been sent.
CREATE TABLE reminder_progress (
    event_id TEXT NOT NULL PRIMARY KEY,
    reached_at BIGINT NOT NULL
);
