//! The people of the week: who registers, for whom, what they then hold and why, what they are told,
//! and what is kept of them.

mod addresses;
mod audiences;
pub mod cast;
mod consents;
mod crowd;
mod duties;
mod files;
mod guests;
mod invitation_lists;
mod invitations;
mod limits;
mod mails;
mod needs;
mod privacy;
mod reach;
mod registration;
mod replacement;
mod santiago;
mod seats;
mod stand_ins;
mod who;
mod world;
