DROP INDEX attendee_accounts_by_account;
CREATE INDEX attendee_accounts_by_account ON attendee_accounts (account_id);
