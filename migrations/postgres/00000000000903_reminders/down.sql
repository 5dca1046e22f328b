DROP TABLE reminder_progress;
DROP TABLE reminder_choices;
