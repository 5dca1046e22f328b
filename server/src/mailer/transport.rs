//! Sending mail: by SMTP, or into a folder where there is no mail server.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use thiserror::Error;
use uuid::Uuid;

use super::Letter;
use crate::config::Config;
use crate::private_file::open_private;

/// How mail leaves this server.
#[derive(Clone, PartialEq, Eq)]
pub enum MailSettings {
    /// By SMTP.
    Smtp {
        /// `smtps://`, `smtp+starttls://` or `smtp://`, then `user:password@host:port`.
        url: String,
        /// The sender.
        from: Mailbox,
    },
    /// As text files in a folder, for demonstrations and tests.
    Folder(PathBuf),
}

impl MailSettings {
    /// As the server's configuration has it.
    pub fn of_config(config: &Config) -> Self {
        match &config.smtp_url.0 {
            Some(url) => Self::Smtp { url: url.0.clone(), from: config.mail_from.0.clone() },
            None => {
                let folder = config.mail_folder.0.clone();
                Self::Folder(folder.unwrap_or_else(|| config.data_folder.join("mail")))
            }
        }
    }
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
    /// The mail server did not take it. Only its code is told: its words repeat addresses.
    #[error("the mail server did not take a mail: {reason}")]
    Smtp {
        /// What happened.
        reason: String,
        /// Whether it would refuse the same mail again.
        is_final: bool,
        /// Whether it could not be reached at all.
        is_absent: bool,
    },
    /// The folder did not take it.
    #[error("a mail could not be written to the folder: {0}")]
    Folder(#[from] std::io::Error),
}

impl From<lettre::transport::smtp::Error> for MailError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        let code = error.status().map(u16::from);
        let reason = match code {
            Some(code) => format!("it answered {code}"),
            None if error.is_timeout() => "it did not answer in time".to_owned(),
            None if error.is_tls() => "TLS failed".to_owned(),
            None => "the connection failed".to_owned(),
        };
        // 53x (RFC 4954) is about how this server signs in to it, which an operator will mend.
        let is_final = code.is_some_and(|code| (500..600).contains(&code) && !(530..540).contains(&code));
        Self::Smtp { reason, is_final, is_absent: code.is_none() }
    }
}

impl MailError {
    /// The mail server took too long over one mail.
    pub fn late() -> Self {
        Self::Smtp { reason: "it did not answer in time".to_owned(), is_final: false, is_absent: true }
    }

    /// Whether trying the same mail again is of no use.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Smtp { is_final, .. } => *is_final,
            Self::Settings(_) | Self::Message(_) => true,
            Self::Folder(_) => false,
        }
    }

    /// Whether other mails would fail now as well, since nobody takes any.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Smtp { is_absent: true, .. } | Self::Folder(_))
    }
}

/// Tells other programs not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
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
    ///
    /// # Errors
    ///
    /// An address that cannot be read.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        match settings {
            MailSettings::Smtp { url, from } => {
                let url = match url.strip_prefix("smtp+starttls://") {
                    Some(rest) => format!("smtp://{rest}?tls=required"),
                    None => url.clone(),
                };
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
                    .map_err(|_| MailError::Settings("the address of the mail server cannot be read"))?
                    .timeout(Some(Duration::from_secs(20)))
                    .build();
                Ok(Self::Smtp(Box::new(transport), Box::new(from.clone())))
            }
            MailSettings::Folder(folder) => Ok(Self::Folder(folder.clone())),
        }
    }

    /// Says in the log where mails go, if they leave the machine no further.
    pub fn warn_of_folder(&self) {
        if let Self::Folder(folder) = self {
            let folder = folder.display();
            tracing::warn!(%folder, "no mail server is configured; mails are written to a folder");
        }
    }

    /// Sends one mail. Its Message-ID is made of `id`, so that a repeat of it is known as such.
    pub async fn send(&self, id: Uuid, to: &str, letter: Letter) -> Result<(), MailError> {
        match self {
            Self::Smtp(transport, from) => {
                let to: Mailbox = to.parse().map_err(|_| MailError::Settings("the receiver is no address"))?;
                let message = Message::builder()
                    .from(Mailbox::clone(from))
                    .to(to)
                    .subject(letter.subject)
                    .message_id(Some(format!("<{id}@{}>", from.email.domain())))
                    .header(AutoSubmitted)
                    .multipart(MultiPart::alternative_plain_html(letter.plain, letter.html))?;
                transport.send(message).await?;
                Ok(())
            }
            Self::Folder(folder) => {
                let text = format!("To: {to}\nSubject: {}\n\n{}", letter.subject, letter.plain);
                let folder = folder.clone();
                let written = tokio::task::spawn_blocking(move || write_to(&folder, id, &text)).await;
                written.unwrap_or_else(|error| Err(std::io::Error::other(error))).map_err(Into::into)
            }
        }
    }
}

/// A file appears whole, under a name that sorts by the time of its id.
fn write_to(folder: &std::path::Path, id: Uuid, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("{id}.part"));
    let mut file = open_private(&unfinished)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    std::fs::rename(unfinished, folder.join(format!("{id}.txt")))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// A mail server that takes one mail, or refuses its receiver: the mail.
    async fn take_one(listener: TcpListener, receiver_answer: &str) -> std::io::Result<String> {
        let (stream, _) = listener.accept().await?;
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 here\r\n").await?;
        let mut mail = String::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(mail);
            }
            let answer = match line.split([' ', ':', '\r']).next() {
                Some("RCPT") => format!("{receiver_answer}\r\n"),
                Some("DATA") => "354 go on\r\n".to_owned(),
                Some("QUIT") => return Ok(mail),
                _ => "250 fine\r\n".to_owned(),
            };
            stream.write_all(answer.as_bytes()).await?;
            while answer.starts_with("354") && !mail.ends_with("\r\n.\r\n") {
                stream.read_line(&mut mail).await?;
            }
            if mail.ends_with("\r\n.\r\n") {
                stream.write_all(b"250 taken\r\n").await?;
                return Ok(mail);
            }
        }
    }

    async fn send_by(receiver_answer: &'static str) -> (Result<(), MailError>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(take_one(listener, receiver_answer));
        let mailer =
            Mailer::new(&MailSettings::Smtp { url, from: "Cumbre <cumbre@example.org>".parse().unwrap() }).unwrap();
        let letter =
            Letter { subject: "Código".to_owned(), plain: "7KQ2-M9XT".to_owned(), html: "<p>7KQ2-M9XT".to_owned() };
        let sent = mailer.send(Uuid::from_u128(7), "ana@example.org", letter).await;
        drop(mailer);
        (sent, server.await.unwrap().unwrap())
    }

    #[tokio::test]
    async fn a_mail_server_gets_both_forms_of_a_mail() {
        let (sent, mail) = send_by("250 fine").await;
        sent.unwrap();
        for part in [
            "From: Cumbre <cumbre@example.org>",
            "To: ana@example.org",
            "Message-ID: <00000000-0000-0000-0000-000000000007@example.org>",
            "Auto-Submitted: auto-generated",
            "text/plain",
            "text/html",
            "7KQ2-M9XT",
        ] {
            assert!(mail.contains(part), "{part} is not in {mail}");
        }
    }

    #[tokio::test]
    async fn a_refusal_is_told_without_the_receiver() {
        let (sent, mail) = send_by("550 there is no ana@example.org here").await;
        assert_eq!(sent.unwrap_err().to_string(), "the mail server did not take a mail: it answered 550");
        assert_eq!(mail, "");
    }

    #[tokio::test]
    async fn only_what_would_be_refused_again_is_refused_for_good() {
        for (answer, is_final) in [("550 no", true), ("451 later", false), ("535 who are you", false)] {
            let error = send_by(answer).await.0.unwrap_err();
            assert_eq!((error.is_final(), error.is_absent()), (is_final, false), "{answer}");
        }
        let settings =
            MailSettings::Smtp { url: "smtp://127.0.0.1:1".to_owned(), from: "a@example.org".parse().unwrap() };
        let letter = Letter { subject: String::new(), plain: String::new(), html: String::new() };
        let error = Mailer::new(&settings).unwrap().send(Uuid::nil(), "b@example.org", letter).await.unwrap_err();
        assert_eq!((error.is_final(), error.is_absent()), (false, true));
    }

    #[test]
    fn settings_that_cannot_be_are_refused_at_the_start() {
        let (url, from) = ("carrier-pigeon://host".to_owned(), "a@example.org".parse().unwrap());
        let told = Mailer::new(&MailSettings::Smtp { url, from }).err().map(|error| error.to_string());
        assert!(told.unwrap().ends_with("cannot be read"));
    }

    #[tokio::test]
    async fn every_documented_form_of_the_address_is_read() {
        for url in ["smtps://user:word@host", "smtp+starttls://user:word@host:587", "smtp://host:2525"] {
            let settings = MailSettings::Smtp { url: url.to_owned(), from: "a@example.org".parse().unwrap() };
            assert!(Mailer::new(&settings).is_ok(), "{url}");
        }
    }
}
