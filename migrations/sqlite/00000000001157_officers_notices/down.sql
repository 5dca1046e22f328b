ALTER TABLE dispatch_officers DROP COLUMN notice;
