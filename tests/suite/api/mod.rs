//! The resources, by their URLs.

mod account;
mod attendees;
mod bad_input;
mod events;
mod pages;
mod programme;
mod sign_in;
mod strangers;
