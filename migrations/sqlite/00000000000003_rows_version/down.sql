ALTER TABLE event_counters DROP COLUMN rows_version;
