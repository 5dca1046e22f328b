//! `kill -9` of a server that was sending mail.

use std::collections::BTreeSet;

use cumbre::notify::mail::{MailBody, NewMail, Reader, enqueue};
use cumbre::sync::change_log::Unit;
use serde_json::Value;
use shared::notice::NoticeKind;

use super::database::Database;
use super::process::Process;
use super::stage::{Stage, open};
use crate::harness::{Mood, PostOffice};

const MAILS: usize = 20;

/// Mails that a worker has under way at once.
const AT_ONCE: usize = 8;

fn mail(number: usize) -> NewMail {
    NewMail {
        attendee: None,
        address: format!("reader-{number}@example.org"),
        language: "en".to_owned(),
        kind: NoticeKind::PlaceConfirmed,
        wait_ms: 0,
        body: MailBody {
            name: "A reader".to_owned(),
            reader: Reader::Myself,
            collection: None,
            id: None,
            details: Value::Null,
            link: None,
            notice: None,
            whole: None,
            accounts: Vec::new(),
            time_zone: None,
        },
    }
}

async fn kill_between_claim_and_word(mut database: Database) {
    let post = PostOffice::open().await;
    database.send_mail_by(post.url());
    let stage = Stage::set(database, 1).await;
    let app = open(&stage.database).await;
    let write = |unit: &mut Unit<'_>| Ok(enqueue(unit, (0..MAILS).map(mail).collect())?);
    app.writer.unit(stage.event, write).await.unwrap();
    app.writer.close().await;
    drop(app);

    post.expect_moods(&[Mood::Silent; AT_ONCE]);
    let process = Process::serve(&stage.database).await;
    post.wait_for(AT_ONCE).await;
    process.kill();
    // Nobody waits ten minutes here: what was claimed and not settled becomes due at once.
    stage.database.connect().execute("UPDATE mails SET next_attempt_at = 0 WHERE state = 'waiting'").unwrap();
    let process = Process::serve(&stage.database).await;
    let everybody: BTreeSet<String> = (0..MAILS).map(|number| format!("reader-{number}@example.org")).collect();
    let letters = post.wait_for(AT_ONCE + MAILS).await;
    process.stop().await;
    assert_eq!(letters.iter().map(|letter| letter.to.clone()).collect::<BTreeSet<_>>(), everybody, "none is lost");
    let ids: BTreeSet<_> = post.letters().into_iter().map(|letter| letter.message_id).collect();
    assert_eq!(ids.len(), MAILS, "a repeat bears the id of the first");
}

#[tokio::test]
async fn kill_minus_nine_loses_no_mail() {
    kill_between_claim_and_word(Database::sqlite()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn kill_minus_nine_of_a_node_loses_no_mail() {
    kill_between_claim_and_word(Database::postgres()).await;
}
