//! The tables of the local database.

#![allow(missing_docs)]

/// The version of these tables, in SQLite's `user_version`.
pub const VERSION: i64 = 3;

/// Brings tables of version 1 to this one.
pub const FROM_VERSION_1: &str = "ALTER TABLE device ADD COLUMN server_time TEXT; PRAGMA user_version = 2;";

/// Brings tables of version 2 to this one.
pub const FROM_VERSION_2: &str = "CREATE INDEX held_by_rev ON held (collection, rev); PRAGMA user_version = 3;";

/// Makes the tables. `held_by_check` lets the digest be summed from the index alone, `held_by_rev` finds what is
/// new of a collection.
pub const CREATE: &str = "
CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE device (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), token TEXT, at_least TEXT, account TEXT, server_time TEXT);
CREATE TABLE accounts (account TEXT NOT NULL PRIMARY KEY, acknowledged TEXT, not_before BIGINT);
CREATE TABLE scopes (
    scope TEXT NOT NULL PRIMARY KEY, position TEXT, staged_position TEXT,
    staged_is_reset BOOLEAN NOT NULL, staged_is_finished BOOLEAN NOT NULL,
    staged_rows BIGINT, staged_sum BIGINT, diverged_at TEXT, asks_anew BOOLEAN NOT NULL);
CREATE TABLE held (
    scope TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL,
    checksum BIGINT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (scope, collection, id));
CREATE INDEX held_by_check ON held (scope, checksum);
CREATE INDEX held_by_rev ON held (collection, rev);
CREATE TABLE staged (
    scope TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL,
    checksum BIGINT NOT NULL, value TEXT, PRIMARY KEY (scope, collection, id));
CREATE TABLE edits (
    account TEXT NOT NULL, place BIGINT NOT NULL, id TEXT NOT NULL, encoded TEXT NOT NULL,
    state TEXT NOT NULL, is_shown BOOLEAN NOT NULL, settled_at BIGINT, result TEXT,
    PRIMARY KEY (account, place), UNIQUE (account, id));
PRAGMA user_version = 3;
";

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    device (id) {
        id -> BigInt,
        token -> Nullable<Text>,
        at_least -> Nullable<Text>,
        account -> Nullable<Text>,
        server_time -> Nullable<Text>,
    }
}

diesel::table! {
    accounts (account) {
        account -> Text,
        acknowledged -> Nullable<Text>,
        not_before -> Nullable<BigInt>,
    }
}

diesel::table! {
    scopes (scope) {
        scope -> Text,
        position -> Nullable<Text>,
        staged_position -> Nullable<Text>,
        staged_is_reset -> Bool,
        staged_is_finished -> Bool,
        staged_rows -> Nullable<BigInt>,
        staged_sum -> Nullable<BigInt>,
        diverged_at -> Nullable<Text>,
        asks_anew -> Bool,
    }
}

diesel::table! {
    held (scope, collection, id) {
        scope -> Text,
        collection -> Text,
        id -> Text,
        rev -> BigInt,
        checksum -> BigInt,
        value -> Text,
    }
}

diesel::table! {
    staged (scope, collection, id) {
        scope -> Text,
        collection -> Text,
        id -> Text,
        rev -> BigInt,
        checksum -> BigInt,
        value -> Nullable<Text>,
    }
}

diesel::table! {
    edits (account, place) {
        account -> Text,
        place -> BigInt,
        id -> Text,
        encoded -> Text,
        state -> Text,
        is_shown -> Bool,
        settled_at -> Nullable<BigInt>,
        result -> Nullable<Text>,
    }
}
