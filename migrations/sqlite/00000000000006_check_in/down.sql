DROP TABLE session_moves;
DROP TABLE incidents;
DROP TABLE admissions;
DROP TABLE scan_oddities;
DROP TABLE scans;
