//! A mail server of the test's own: it keeps what it takes, and can be told to be difficult.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mail_parser::MessageParser;
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A mail that came in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Its Message-ID.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub plain: String,
    /// Its HTML.
    pub html: String,
}

/// How one mail is treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Its receiver is answered with this.
    Refuse(&'static str),
    /// The line is cut before anything of it is read.
    CutBefore,
    /// It is kept, and the line is cut before that is said.
    CutAfter,
    /// It is kept, and that is never said.
    Silent,
}

struct Desk {
    moods: Mutex<VecDeque<Mood>>,
    letters: watch::Sender<Vec<Letter>>,
    asked: watch::Sender<usize>,
}

/// A mail server on a port of its own.
pub struct PostOffice {
    address: SocketAddr,
    desk: Arc<Desk>,
    task: JoinHandle<()>,
}

impl PostOffice {
    /// Opens one.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Arc::new(Desk {
            moods: Mutex::default(),
            letters: watch::Sender::default(),
            asked: watch::Sender::default(),
        });
        let at = Arc::clone(&desk);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let desk = Arc::clone(&at);
                tokio::spawn(async move { drop(serve(stream, &desk).await) });
            }
        });
        Self { address, desk, task }
    }

    /// Its address, as the setting `smtp_url` has it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Treats the mails that come next in these ways, and those after them well.
    pub fn expect_moods(&self, moods: &[Mood]) {
        self.desk.moods.lock().extend(moods);
    }

    /// Everything that came in so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.desk.letters.borrow().clone()
    }

    /// Everything that came in, when that is at least so much.
    pub async fn wait_for(&self, count: usize) -> Vec<Letter> {
        let mut letters = self.desk.letters.subscribe();
        let waiting = letters.wait_for(|letters| letters.len() >= count);
        let Ok(found) = tokio::time::timeout(Duration::from_secs(20), waiting).await else {
            panic!("{} of {count} letters came in", self.letters().len())
        };
        found.unwrap().clone()
    }

    /// Returns when at least so many mails were brought, whatever became of them.
    pub async fn wait_for_attempts(&self, count: usize) {
        let mut asked = self.desk.asked.subscribe();
        let waiting = asked.wait_for(|asked| *asked >= count);
        assert!(tokio::time::timeout(Duration::from_secs(20), waiting).await.is_ok(), "{count} attempts were not made");
    }

    /// The newest mail to an address.
    #[track_caller]
    pub fn last_to(&self, address: &str) -> Letter {
        let found = self.letters().into_iter().rev().find(|letter| letter.to == address);
        found.unwrap_or_else(|| panic!("no letter came for {address}"))
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Speaks SMTP (RFC 5321) as far as it must, until the line ends.
async fn serve(stream: TcpStream, desk: &Desk) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 post office\r\n").await?;
    let (mut to, mut mood) = (String::new(), None);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        let mut answer = "250 fine".to_owned();
        match word.as_str() {
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                mood = desk.moods.lock().pop_front();
                desk.asked.send_modify(|asked| *asked += 1);
                match mood {
                    Some(Mood::Refuse(refusal)) => answer = refusal.to_owned(),
                    Some(Mood::CutBefore) => return Ok(()),
                    _ => {}
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let letter = read_letter(&mut stream, &to).await?;
                desk.letters.send_modify(|letters| letters.push(letter));
                match mood {
                    Some(Mood::CutAfter) => return Ok(()),
                    Some(Mood::Silent) => std::future::pending().await,
                    _ => {}
                }
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => {}
        }
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

async fn read_letter(stream: &mut BufReader<TcpStream>, to: &str) -> std::io::Result<Letter> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            break;
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
    let message = MessageParser::default().parse(raw.as_bytes()).unwrap();
    Ok(Letter {
        to: to.to_owned(),
        message_id: message.message_id().unwrap().to_owned(),
        subject: message.subject().unwrap().to_owned(),
        plain: message.body_text(0).unwrap().into_owned(),
        html: message.body_html(0).unwrap().into_owned(),
    })
}
