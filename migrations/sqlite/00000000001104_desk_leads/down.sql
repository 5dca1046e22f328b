ALTER TABLE enrolment_codes DROP COLUMN is_lead;
ALTER TABLE enrolments DROP COLUMN is_lead;
