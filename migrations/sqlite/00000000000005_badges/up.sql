-- Badges: the keys that sign them, the secret of each registration, and what carries it.

-- The event's keys, of which the newest signs, and those of desks. `seed` is the private half; it is
-- here for the event's keys alone.
CREATE TABLE badge_keys (
    event_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    device_id TEXT,
    seed TEXT,
    public_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (event_id, number)
);

-- What an attendee's badges have in common. `guest` names them in the rows of doors.
CREATE TABLE badges (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    guest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id),
    UNIQUE (event_id, guest)
);

-- A phone or paper that carries a badge. Each is made void by itself.
CREATE TABLE badge_carriers (
    event_id TEXT NOT NULL,
    carrier BIGINT NOT NULL,
    attendee_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key_number BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_by TEXT,
    expires_at BIGINT NOT NULL,
    handed_out_at BIGINT,
    voided_at BIGINT,
    void_reason TEXT,
    PRIMARY KEY (event_id, carrier)
);
CREATE INDEX badge_carriers_by_attendee ON badge_carriers (event_id, attendee_id);
