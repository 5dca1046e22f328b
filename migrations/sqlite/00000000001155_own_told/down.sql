ALTER TABLE dispatch_people DROP COLUMN own_told_at;
