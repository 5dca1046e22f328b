-- The version of the program's projection that wrote an event's rows. A program with another one
-- makes them anew when it starts.
ALTER TABLE event_counters ADD COLUMN rows_version BIGINT NOT NULL DEFAULT 0;
