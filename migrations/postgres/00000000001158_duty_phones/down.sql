DROP TABLE duty_phones;
