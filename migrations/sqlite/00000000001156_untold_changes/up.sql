-- What organisers chose to tell nobody of: it stays, as people know it, until it changes again.
ALTER TABLE held_changes ADD COLUMN is_untold BOOLEAN NOT NULL DEFAULT FALSE;
-- As it was then.
ALTER TABLE held_changes ADD COLUMN untold TEXT;
