//! Cumbre: the server behind the phones of a summit.

pub mod administration;
pub mod app;
pub mod attendees;
pub mod audiences;
pub mod clock;
pub mod command_line;
pub mod config;
pub mod consequences;
pub mod content_coding;
pub mod database;
pub mod device;
pub mod formats;
pub mod health;
pub mod identity;
pub mod middleware;
pub mod negotiation;
pub mod notify;
pub mod personal;
pub mod problem;
pub mod programme;
pub mod refusal;
pub mod registration;
pub mod routes;
pub mod sync;
pub mod telemetry;
pub mod web_assets;
