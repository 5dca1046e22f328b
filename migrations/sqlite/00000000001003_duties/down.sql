ALTER TABLE held_changes DROP COLUMN vehicles;
DROP TABLE approval_rules;
DROP TABLE duties;
