//! Sending mail: by SMTP, or into a folder where there is no mail server.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use thiserror::Error;

use super::mail_texts::Mail;

/// How mail leaves this server.
#[derive(Clone, PartialEq, Eq)]
pub enum MailSettings {
    /// By SMTP.
    Smtp {
        /// `smtps://user:password@host`, or `smtp://host:port?tls=required`.
        url: String,
        /// The sender, `Name <address>`.
        from: String,
    },
    /// As text files in a folder, for demonstrations and tests.
    Folder(PathBuf),
}

/// Why mail cannot be sent. It names no receiver.
#[derive(Debug, Error)]
pub enum MailError {
    /// The address of the mail server or the sender cannot be read.
    #[error("the settings for mail cannot be used: {0}")]
    Settings(&'static str),
    /// The mail could not be put together.
    #[error("a mail could not be written: {0}")]
    Message(#[from] lettre::error::Error),
    /// The mail server did not take it.
    #[error("the mail server did not take a mail: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The folder did not take it.
    #[error("a mail could not be written to the folder: {0}")]
    Folder(#[from] std::io::Error),
}

/// Sends mail.
pub enum Mailer {
    /// By SMTP, over connections that are kept.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>, Box<Mailbox>),
    /// Into a folder.
    Folder(PathBuf),
}

impl Mailer {
    /// A mailer by settings. No connection is made yet.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        match settings {
            MailSettings::Smtp { url, from } => {
                let from = from.parse().map_err(|_| MailError::Settings("the sender is no address"))?;
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|_| MailError::Settings("the address of the mail server cannot be read"))?
                    .timeout(Some(Duration::from_secs(20)))
                    .build();
                Ok(Self::Smtp(Box::new(transport), Box::new(from)))
            }
            MailSettings::Folder(folder) => Ok(Self::Folder(folder.clone())),
        }
    }

    /// Sends one mail.
    pub async fn send(&self, to: &str, mail: Mail) -> Result<(), MailError> {
        match self {
            Self::Smtp(transport, from) => {
                let to: Mailbox = to.parse().map_err(|_| MailError::Settings("the receiver is no address"))?;
                let message = Message::builder()
                    .from(Mailbox::clone(from))
                    .to(to)
                    .subject(mail.subject)
                    .message_id(None)
                    .multipart(MultiPart::alternative_plain_html(mail.plain, mail.html))?;
                transport.send(message).await?;
                Ok(())
            }
            Self::Folder(folder) => {
                let text = format!("To: {to}\nSubject: {}\n\n{}", mail.subject, mail.plain);
                let folder = folder.clone();
                let written = tokio::task::spawn_blocking(move || write_to(&folder, &text)).await;
                written.unwrap_or_else(|error| Err(std::io::Error::other(error))).map_err(Into::into)
            }
        }
    }
}

/// A file appears whole, under a name that sorts by time.
fn write_to(folder: &std::path::Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = uuid::Uuid::now_v7().to_string();
    let unfinished = folder.join(format!("{name}.part"));
    std::fs::write(&unfinished, text)?;
    std::fs::rename(unfinished, folder.join(format!("{name}.txt")))
}
