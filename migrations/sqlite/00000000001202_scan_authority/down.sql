DROP TABLE enrolment_terms;
ALTER TABLE scans DROP COLUMN authority;
