//! People by file: brought in with a preview of each row's fate, and given out.

mod chunk;
mod difference;
mod export;
pub mod http;
mod importer;
mod kept;
mod reach;
mod recognise;
mod registering;
mod report;
mod store;

pub use export::Sheet;
pub use importer::{ImportError, Importer, Mode};
pub use kept::{AccountEmails, Needs, load_kept};
pub use reach::{Authority, Reach};
pub use report::Report;
