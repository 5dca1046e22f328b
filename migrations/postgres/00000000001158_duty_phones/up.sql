-- At which number somebody is called during the event who looks after a delegation.
CREATE TABLE duty_phones (
    event_id TEXT NOT NULL,
    delegation_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    phone TEXT NOT NULL,
    PRIMARY KEY (event_id, delegation_id, account_id)
);
