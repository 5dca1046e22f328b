//! What people are told of changes, and whom it reached.

mod announcements;
mod cast;
mod changes;
mod pushes;
mod reach;
