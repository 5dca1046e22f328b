DROP TABLE pushes;
DROP TABLE push_devices;
DROP TABLE dispatch_people;
DROP TABLE dispatches;
DROP TABLE held_changes;
