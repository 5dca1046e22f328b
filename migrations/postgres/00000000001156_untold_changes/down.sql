ALTER TABLE held_changes DROP COLUMN untold;
ALTER TABLE held_changes DROP COLUMN is_untold;
