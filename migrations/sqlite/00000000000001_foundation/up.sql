-- Ids are UUIDs as text, times are milliseconds UTC, JSON is text that the program validates.
-- A `seq` or `rev` is the number of the event's commit that last wrote the row.

CREATE TABLE deployment (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Random keys that all nodes share, by what they are for.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    private_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

-- The counter row of an event: locked first by every commit group.
CREATE TABLE event_counters (
    event_id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    seq BIGINT NOT NULL,
    nonce BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE commits (
    event_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    nonce BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (event_id, seq)
);

-- A removed record keeps its row without a body, so that other nodes read that it is gone.
CREATE TABLE records (
    event_id TEXT NOT NULL,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    rev BIGINT NOT NULL,
    created_rev BIGINT NOT NULL,
    field_revs TEXT NOT NULL,
    body TEXT,
    PRIMARY KEY (event_id, collection, id)
);
CREATE INDEX records_by_rev ON records (event_id, rev);

CREATE TABLE scope_heads (
    event_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    seq BIGINT NOT NULL,
    nonce BIGINT NOT NULL,
    floor BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    check_sum BIGINT NOT NULL,
    PRIMARY KEY (event_id, scope)
);
CREATE INDEX scope_heads_by_seq ON scope_heads (event_id, seq);

-- A row without a value is a tombstone.
CREATE TABLE scope_rows (
    event_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    rev BIGINT NOT NULL,
    value TEXT,
    PRIMARY KEY (event_id, scope, collection, id)
);
CREATE INDEX scope_rows_by_rev ON scope_rows (event_id, rev);

CREATE TABLE attendees (
    event_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, id)
);

-- Which accounts are an attendee, or act for one.
CREATE TABLE attendee_accounts (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    relation TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id, account_id)
);
CREATE INDEX attendee_accounts_by_seq ON attendee_accounts (event_id, seq);
CREATE INDEX attendee_accounts_by_account ON attendee_accounts (account_id);

CREATE TABLE roles (
    event_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (event_id, account_id, role)
);
CREATE INDEX roles_by_seq ON roles (event_id, seq);

CREATE TABLE audience_members (
    event_id TEXT NOT NULL,
    audience_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    PRIMARY KEY (event_id, audience_id, attendee_id)
);
CREATE INDEX audience_members_by_attendee ON audience_members (event_id, attendee_id);

-- The effective set: which attendee may hold which gate.
CREATE TABLE grants (
    event_id TEXT NOT NULL,
    gate_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (event_id, gate_id, attendee_id)
);
CREATE INDEX grants_by_seq ON grants (event_id, seq);

CREATE TABLE favourites (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    PRIMARY KEY (event_id, attendee_id, session_id)
);

CREATE TABLE notes (
    event_id TEXT NOT NULL,
    attendee_id TEXT NOT NULL,
    id TEXT NOT NULL,
    session_id TEXT,
    text TEXT NOT NULL,
    rev BIGINT NOT NULL,
    device_id TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, attendee_id, id)
);

CREATE TABLE mutation_results (
    account_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    mutation_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    result TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, device_id, mutation_id)
);

CREATE TABLE audit (
    event_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account_id TEXT,
    device_id TEXT,
    attendee_id TEXT,
    operation TEXT NOT NULL,
    collection TEXT NOT NULL,
    record_id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (event_id, seq, ordinal)
);
CREATE INDEX audit_by_record ON audit (event_id, record_id, seq);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT UNIQUE,
    name TEXT NOT NULL,
    language TEXT,
    password_hash TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE devices (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX devices_by_account ON devices (account_id);

-- One family of refresh tokens per device; `parent_hash` is the token that was given for this one.
CREATE TABLE refresh_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY,
    parent_hash TEXT,
    device_id TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_by_device ON refresh_tokens (device_id);

CREATE TABLE sign_in_codes (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    link_hash TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    failed_count BIGINT NOT NULL
);
CREATE INDEX sign_in_codes_by_account ON sign_in_codes (account_id, created_at);
CREATE INDEX sign_in_codes_by_hash ON sign_in_codes (code_hash);

-- The log of ended devices, which every node follows.
CREATE TABLE sign_outs (
    seq BIGINT NOT NULL PRIMARY KEY,
    device_id TEXT NOT NULL,
    at BIGINT NOT NULL
);
