-- When an attendee themselves was told, beside whoever acts for them.
ALTER TABLE dispatch_people ADD COLUMN own_told_at BIGINT;
