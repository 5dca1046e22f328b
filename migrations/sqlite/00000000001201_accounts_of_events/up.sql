-- Whose an account is at one event is asked far more often than at all of them, and without the event in
-- the index SQLite would rather go through all of its people.
DROP INDEX attendee_accounts_by_account;
CREATE INDEX attendee_accounts_by_account ON attendee_accounts (account_id, event_id, attendee_id);
