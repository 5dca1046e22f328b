DROP TABLE part_marks;
DROP TABLE photos;
DROP TABLE walk_ins;
DROP TABLE door_notes;
DROP TABLE handover_people;
DROP TABLE handovers;
