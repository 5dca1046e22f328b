//! Announcements: messages of the organisers to an audience, now or at a time. What goes out is a dispatch.

pub mod http;
mod operations;
