-- By what right a scan was made: 'desk', 'door' or 'none', decided when it was handed in. What was kept before counts.
ALTER TABLE scans ADD COLUMN authority TEXT NOT NULL DEFAULT 'desk';

-- What an enrolled device was for since when: its scans are judged by what it was when they were made, and it may
-- hand them in much later.
CREATE TABLE enrolment_terms (
    event_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    since BIGINT NOT NULL,
    state TEXT NOT NULL,
    checkpoints TEXT NOT NULL,
    PRIMARY KEY (event_id, device_id, seq)
);
INSERT INTO enrolment_terms (event_id, device_id, seq, since, state, checkpoints)
    SELECT event_id, device_id, 0, enrolled_at, 'active', checkpoints FROM enrolments;
-- Since when those are out of use that are, the audit tells.
INSERT INTO enrolment_terms (event_id, device_id, seq, since, state, checkpoints)
    SELECT e.event_id, e.device_id, e.seq, MAX(a.at), e.state, e.checkpoints
    FROM enrolments e
    JOIN audit a ON a.event_id = e.event_id AND a.record_id = e.device_id AND a.operation = 'enrolment.state'
    WHERE e.state <> 'active' AND e.seq > 0
    GROUP BY e.event_id, e.device_id, e.seq, e.state, e.checkpoints;
