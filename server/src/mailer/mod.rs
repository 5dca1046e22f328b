//! Mail: how one is put together, and the one transport by which all leave this server.

mod letter;
mod transport;

pub use letter::{Block, Letter, write_letter};
pub use transport::{MailError, MailSettings, Mailer};
