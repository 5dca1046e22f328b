DROP TABLE ended_carriers;
