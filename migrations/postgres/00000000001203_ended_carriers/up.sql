-- What carried the badges of people who were erased or taken away: void, by the name that doors know the guest by,
-- and of nobody in particular.
CREATE TABLE ended_carriers (
    event_id TEXT NOT NULL,
    carrier BIGINT NOT NULL,
    guest TEXT NOT NULL,
    voided_at BIGINT NOT NULL,
    void_reason TEXT NOT NULL,
    PRIMARY KEY (event_id, carrier)
);
CREATE INDEX ended_carriers_by_guest ON ended_carriers (event_id, guest);
