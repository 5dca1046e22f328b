DROP INDEX pushes_by_state;
ALTER TABLE pushes DROP COLUMN provider;
CREATE INDEX pushes_by_state ON pushes (state, next_attempt_at);
