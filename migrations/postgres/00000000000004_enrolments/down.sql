DROP TABLE enrolment_reports;
DROP TABLE enrolment_codes;
DROP TABLE enrolments;
