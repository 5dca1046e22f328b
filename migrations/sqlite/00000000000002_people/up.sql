-- The people of an event: registrations, delegations, invitations, seats, and what they are told.

-- An attendee's place at the event. `body` is the registration as JSON; the columns beside it are
-- what queries look at. A number in the waitlist is given once and never changes.
CREATE TABLE registrations (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    category_id TEXT NOT NULL,
    delegation_id TEXT,
    delegation_role TEXT NOT NULL,
    companion_of TEXT,
    status TEXT NOT NULL,
    waitlist_number BIGINT,
    is_placeholder BOOLEAN NOT NULL,
    email TEXT,
    external_id TEXT,
    body TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id)
);
CREATE INDEX registrations_by_category ON registrations (event_id, category_id, status, companion_of);
CREATE INDEX registrations_by_delegation ON registrations (event_id, delegation_id, status, companion_of);
CREATE INDEX registrations_by_email ON registrations (event_id, email);
CREATE INDEX registrations_by_external_id ON registrations (event_id, external_id);
CREATE INDEX attendees_by_name ON attendees (event_id, name);
CREATE INDEX registrations_by_waitlist_number ON registrations (event_id, waitlist_number);
CREATE INDEX registrations_by_companion ON registrations (event_id, companion_of);

-- What somebody needs to take part, apart from their registration: few may read it.
CREATE TABLE access_needs (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id)
);

-- What somebody agreed to or took back, with the version of the text that they saw.
CREATE TABLE consents (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    consent TEXT NOT NULL,
    at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    language TEXT NOT NULL,
    is_given BOOLEAN NOT NULL,
    account_id TEXT,
    PRIMARY KEY (event_id, attendee_id, consent, at)
);

CREATE TABLE delegation_duties (
    event_id TEXT NOT NULL,
    delegation_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    duty TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (event_id, delegation_id, account_id, duty)
);
CREATE INDEX delegation_duties_by_seq ON delegation_duties (event_id, seq);

-- Who is in an audience by its rules; who was put there by hand is in audience_members.
CREATE TABLE audience_matches (
    event_id TEXT NOT NULL,
    audience_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    PRIMARY KEY (event_id, audience_id, attendee_id)
);
CREATE INDEX audience_matches_by_attendee ON audience_matches (event_id, attendee_id);

-- Who may hold the gate of an object by themselves, and why: an invitation, a stand-in.
CREATE TABLE gate_rights (
    event_id TEXT NOT NULL,
    object_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (event_id, object_id, attendee_id, reason)
);
CREATE INDEX gate_rights_by_attendee ON gate_rights (event_id, attendee_id);

-- One attendee's invitation to a part or session. One that came by an invitation of a delegation or
-- audience names that in `list_id`.
CREATE TABLE invitations (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    collection TEXT NOT NULL,
    object_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    list_id TEXT,
    answer TEXT NOT NULL,
    secret_hash TEXT,
    body TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, id),
    UNIQUE (event_id, object_id, attendee_id)
);
CREATE INDEX invitations_by_attendee ON invitations (event_id, attendee_id);
CREATE UNIQUE INDEX invitations_by_secret ON invitations (secret_hash);

-- An invitation of everybody in a delegation or audience, who are invited as they join.
CREATE TABLE invitation_lists (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    collection TEXT NOT NULL,
    object_id TEXT NOT NULL,
    invitee_collection TEXT NOT NULL,
    invitee_id TEXT NOT NULL,
    is_withdrawn BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, id),
    UNIQUE (event_id, object_id, invitee_id)
);

-- Somebody who sits in for an attendee in one session, or on one day.
CREATE TABLE stand_ins (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    stand_in_id TEXT NOT NULL,
    session_id TEXT,
    day TEXT,
    is_ended BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX stand_ins_by_attendee ON stand_ins (event_id, attendee_id);
CREATE INDEX stand_ins_by_stand_in ON stand_ins (event_id, stand_in_id);

-- An attendee's seat in a session, or their place in its line. Who has to wait is given a `number`,
-- once. What has ended keeps its line here, so that no number is given again.
CREATE TABLE sign_ups (
    event_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    state TEXT NOT NULL,
    number BIGINT,
    offered_until BIGINT,
    is_override BOOLEAN NOT NULL,
    requested_at BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, session_id, attendee_id)
);
CREATE INDEX sign_ups_by_attendee ON sign_ups (event_id, attendee_id);
CREATE INDEX sign_ups_by_state ON sign_ups (event_id, session_id, state);
CREATE UNIQUE INDEX sign_ups_by_number ON sign_ups (event_id, session_id, number);
CREATE INDEX sign_ups_by_offer ON sign_ups (state, offered_until);

-- How full a session was last said to be, and when; from `due_at` on it may be said anew.
CREATE TABLE session_fills (
    event_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    label TEXT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT,
    PRIMARY KEY (event_id, session_id)
);
CREATE INDEX session_fills_by_due ON session_fills (due_at);

-- What an attendee is told: their inbox.
CREATE TABLE notices (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (event_id, id)
);
CREATE INDEX notices_by_attendee ON notices (event_id, attendee_id);

-- Mail that is to be sent. It is written with what it is about, and sent by a worker, which claims
-- it by moving its next attempt into the future.
CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY,
    event_id TEXT NOT NULL,
    attendee_id TEXT,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt_count BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    failure TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX mails_by_state ON mails (state, next_attempt_at);
CREATE INDEX mails_by_attendee ON mails (event_id, attendee_id);

-- Whose data were erased and when; nothing else of them. What came back with a restored database is
-- not applied, and is erased again before the first request is answered.
CREATE TABLE erasures (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    is_applied BOOLEAN NOT NULL,
    PRIMARY KEY (event_id, attendee_id)
);

-- What was done for somebody, and by an account, for who asks what is held about them.
CREATE INDEX audit_by_attendee ON audit (event_id, attendee_id);
CREATE INDEX audit_by_account ON audit (account_id, event_id);

-- An account that wants no mail about an attendee whom it is or acts for.
CREATE TABLE mail_refusals (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (event_id, attendee_id, account_id)
);
