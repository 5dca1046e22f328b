//! What people are told of changes, and whom it reached.

mod announcements;
mod approvals;
mod audiences;
mod cast;
mod changes;
mod clocks;
mod crowd;
mod desk_messages;
mod duties;
mod fallback;
mod files;
mod held;
mod mornings;
#[cfg(feature = "postgres")]
mod nodes;
mod officers;
mod previews;
mod privacy;
mod providers;
mod pushes;
mod pushing;
mod queues;
mod reach;
mod reminders;
mod sheets;
mod sight;
mod statements;
mod story;
