-- What an officer without an inbox is told, for pushes to their devices.
ALTER TABLE dispatch_officers ADD COLUMN notice TEXT;
