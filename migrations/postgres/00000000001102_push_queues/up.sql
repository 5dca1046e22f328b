-- By whom the device of a push is reached: each provider has a queue of its own.
ALTER TABLE pushes ADD COLUMN provider TEXT;
UPDATE pushes SET provider =
    (SELECT push_devices.provider FROM push_devices WHERE push_devices.device_id = pushes.device_id);
UPDATE pushes SET state = 'dropped' WHERE state = 'waiting' AND provider IS NULL;
DROP INDEX pushes_by_state;
CREATE INDEX pushes_by_state ON pushes (state, provider, next_attempt_at);
