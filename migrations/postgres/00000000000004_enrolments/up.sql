-- Devices that check who may enter: what they are for, the codes that enrol them, and what they last
-- said of themselves.

-- An enrolled device. Its account is nobody's: it has no address, and no code or password signs it in.
CREATE TABLE enrolments (
    event_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    checkpoints TEXT NOT NULL,
    state TEXT NOT NULL,
    enrolled_by TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (event_id, device_id)
);
CREATE INDEX enrolments_by_account ON enrolments (account_id);

-- A code that enrols one device, and the secret of its link; of both only what cannot be turned back.
CREATE TABLE enrolment_codes (
    id TEXT PRIMARY KEY NOT NULL,
    event_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    link_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    checkpoints TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX enrolment_codes_by_code ON enrolment_codes (code_hash);
CREATE INDEX enrolment_codes_by_link ON enrolment_codes (link_hash);

-- What an enrolled device last said of itself. It is written seldom, and apart from commits.
CREATE TABLE enrolment_reports (
    event_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    app_version TEXT,
    unsent_scans BIGINT,
    clock_skew_ms BIGINT,
    roster_position TEXT,
    PRIMARY KEY (event_id, device_id)
);
