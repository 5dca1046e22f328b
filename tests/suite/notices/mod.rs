//! What people are told of changes, and whom it reached.

mod announcements;
mod approvals;
mod cast;
mod changes;
mod clocks;
mod desk_messages;
mod duties;
mod mornings;
mod previews;
mod pushes;
mod reach;
mod reminders;
