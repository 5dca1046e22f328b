DROP TABLE badge_carriers;
DROP TABLE badges;
DROP TABLE badge_keys;
