-- Liaison officers who are no attendees, whom a dispatch concerns: they are told by mail, or by a human.
CREATE TABLE dispatch_officers (
    event_id TEXT NOT NULL,
    dispatch_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    told_at BIGINT,
    channel TEXT,
    by_hand_at BIGINT,
    by_hand_by TEXT,
    by_hand_note TEXT,
    PRIMARY KEY (event_id, dispatch_id, account_id)
);
