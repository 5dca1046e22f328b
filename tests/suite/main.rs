//! Behaviour through the real server, on SQLite and on PostgreSQL.

#[macro_use]
mod harness;

mod api;
mod architecture;
mod badges;
mod check_in;
mod contract;
mod desk;
mod desk_work;
mod enrolment;
mod notices;
mod parsers;
mod people;
mod storage;
mod sync;
