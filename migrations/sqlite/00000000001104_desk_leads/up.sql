-- Whether who stands at an enrolled device settles what is odd about scans.
ALTER TABLE enrolments ADD COLUMN is_lead BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE enrolment_codes ADD COLUMN is_lead BOOLEAN NOT NULL DEFAULT FALSE;
