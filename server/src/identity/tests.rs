use std::future::ready;
use std::path::PathBuf;
use std::sync::Arc;

use shared::ids::AccountId;
use shared::sync::Epoch;
use shared::time::Timestamp;

use super::sign_in::TokenPair;
use super::*;
use crate::consequences::AllDomains;
use crate::database::{DatabaseUrl, Writer, load_or_mint_epoch, migrate};
use crate::mailer::MailSettings;
use crate::sync::ChangeLog;
use crate::sync::feed::Events;

/// A server's identity over a database of its own, at a time that the test moves.
struct House {
    identity: Arc<Identity>,
    clock: Clock,
    url: DatabaseUrl,
    folder: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn house() -> House {
    let folder = std::env::temp_dir().join(format!("cumbre-identity-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = DatabaseUrl::Sqlite(folder.join("test.sqlite3"));
    let clock = Clock::fixed(Timestamp(1_541_000_000_000));
    let identity = node(&url, &clock, &folder);
    House { identity, clock, url, folder }
}

fn node(url: &DatabaseUrl, clock: &Clock, folder: &std::path::Path) -> Arc<Identity> {
    let mut conn = Connection::open(url).unwrap();
    migrate(&mut conn).unwrap();
    let epoch = load_or_mint_epoch(&mut conn, Epoch(1), clock.now()).unwrap();
    let readers = Readers::new(url.clone(), 2);
    let events = Arc::new(Events::load(readers.clone(), clock.clone(), epoch, 1 << 20).unwrap());
    let writer =
        Writer::start(url, &Arc::new(ChangeLog::new(events, clock.clone(), None, Box::new(AllDomains)))).unwrap();
    let settings = IdentitySettings {
        public_url: "https://cumbre.example".to_owned(),
        issuer: "https://cumbre.example".to_owned(),
        sign_ins_per_hour_and_address: 0,
    };
    let mailer = Arc::new(Mailer::new(&MailSettings::Folder(folder.join("mail"))).unwrap());
    Arc::new(Identity::open(settings, clock.clone(), Stores { readers, writer, mailer }, &mut conn).unwrap())
}

impl House {
    /// Another server on the same database.
    fn another_node(&self) -> Arc<Identity> {
        node(&self.url, &self.clock, &self.folder)
    }

    async fn somebody(&self, email: &str) -> AccountId {
        let new =
            NewAccount { email: Some(email.to_owned()), name: "Ana Díaz".to_owned(), language: Some("es".into()) };
        let now = self.clock.now();
        self.identity.writer.system(move |conn| ensure_account(conn, &new, now)).await.unwrap().id
    }

    async fn signed_in(&self, account: AccountId) -> SignInAnswer {
        let (code, _) = self.identity.mint_code(account).await.unwrap();
        self.sign_in(Credential::Code(code)).await.unwrap()
    }

    async fn sign_in(&self, credential: Credential) -> Result<SignInAnswer, IdentityError> {
        let device = NewDevice { name: "A phone".to_owned(), kind: DeviceKind::Phone };
        self.identity.sign_in(credential, device).await
    }

    /// The code and the link's secret of each mail sent so far.
    async fn mailed(&self, email: &str) -> Vec<(String, String)> {
        self.identity.request_code(email, None, ready(false)).unwrap();
        self.identity.finish_mails().await;
        let Ok(entries) = std::fs::read_dir(self.folder.join("mail")) else { return Vec::new() };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let texts = paths.iter().map(|path| std::fs::read_to_string(path).unwrap());
        let line =
            |text: &str, n| text.lines().filter(|line| line.starts_with("    ")).nth(n).unwrap().trim().to_owned();
        texts.map(|text| (line(&text, 0), line(&text, 1).split_once('#').unwrap().1.to_owned())).collect()
    }

    fn is_valid(&self, tokens: &TokenPair) -> bool {
        self.identity.find_bearer(&tokens.access_token).is_some()
    }
}

fn refused<T>(outcome: Result<T, IdentityError>) -> bool {
    matches!(outcome, Err(IdentityError::Refused))
}

#[tokio::test]
async fn a_handed_out_code_signs_in_once_within_a_day() {
    let house = house();
    let account = house.somebody("ana@example.org").await;
    let (code, expires_at) = house.identity.mint_code(account).await.unwrap();
    assert_eq!(expires_at.0 - house.clock.now().0, 24 * 3_600_000);
    let answer = house.sign_in(Credential::Code(code.to_lowercase())).await.unwrap();
    assert_eq!(answer.profile.account.id, account);
    let bearer = house.identity.find_bearer(&answer.tokens.access_token).unwrap();
    assert_eq!((bearer.account, bearer.device), (account, answer.device.id));
    assert!(refused(house.sign_in(Credential::Code(code)).await));

    let (late, _) = house.identity.mint_code(account).await.unwrap();
    house.clock.advance_ms(24 * 3_600_000);
    assert!(refused(house.sign_in(Credential::Code(late)).await));
}

#[tokio::test]
async fn a_mailed_code_signs_in_its_address_only() {
    let house = house();
    let account = house.somebody("ana@example.org").await;
    house.somebody("eva@example.org").await;
    let mailed = house.mailed("Ana@Example.org").await;
    let code = mailed[0].0.clone();
    let with = |email: &str| Credential::MailedCode { email: email.to_owned(), code: code.clone() };
    assert!(refused(house.sign_in(with("eva@example.org")).await));
    assert!(refused(house.sign_in(with("nobody@example.org")).await));
    assert!(refused(house.sign_in(Credential::Code(code.clone())).await), "a mailed code needs its address");
    let answer = house.sign_in(with(" ANA@example.org")).await.unwrap();
    assert_eq!(answer.profile.account.id, account);
    assert!(refused(house.sign_in(with("ana@example.org")).await), "it works once");
    assert!(house.sign_in(Credential::Link(mailed[0].1.clone())).await.is_err(), "its link was used with it");
}

#[tokio::test]
async fn a_mailed_code_expires_after_ten_minutes() {
    let house = house();
    house.somebody("ana@example.org").await;
    let mailed = house.mailed("ana@example.org").await;
    house.clock.advance_ms(10 * 60_000);
    let email = "ana@example.org".to_owned();
    assert!(refused(house.sign_in(Credential::MailedCode { email, code: mailed[0].0.clone() }).await));
    assert!(refused(house.sign_in(Credential::Link(mailed[0].1.clone())).await));
}

#[tokio::test]
async fn a_stranger_who_guesses_burns_the_code_but_not_the_link() {
    let house = house();
    house.somebody("ana@example.org").await;
    let mailed = house.mailed("ana@example.org").await;
    let with = |code: &str| Credential::MailedCode { email: "ana@example.org".to_owned(), code: code.to_owned() };
    for _ in 0..5 {
        assert!(refused(house.sign_in(with("0000-0000")).await));
    }
    assert!(refused(house.sign_in(with(&mailed[0].0)).await));
    assert!(house.sign_in(Credential::Link(mailed[0].1.clone())).await.is_ok());
    let again = house.mailed("ana@example.org").await;
    assert!(house.sign_in(with(&again[1].0)).await.is_ok(), "a fresh code works at once");
}

#[tokio::test]
async fn an_address_without_account_is_answered_like_one_with() {
    let house = house();
    house.somebody("ana@example.org").await;
    assert_eq!(house.mailed("nobody@example.org").await, []);
    assert_eq!(house.identity.request_code("ana@example.org", None, ready(false)), Ok(()));
    let wrong = |email: &str| Credential::Password { email: email.to_owned(), password: "wrong password".to_owned() };
    let mut answers = [Vec::new(), Vec::new()];
    for (answers, email) in answers.iter_mut().zip(["ana@example.org", "nobody@example.org"]) {
        for _ in 0..7 {
            answers.push(house.sign_in(wrong(email)).await.err());
        }
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][0], Some(IdentityError::Refused));
    assert_eq!(answers[0][6], Some(IdentityError::TooMany { after_s: 2 }));
}

#[tokio::test]
async fn staff_sign_in_with_a_password() {
    let house = house();
    let account = house.somebody("ana@example.org").await;
    let with = |password: &str| Credential::Password { email: "ana@example.org".into(), password: password.into() };
    assert!(refused(house.sign_in(with("")).await), "no password is set");
    let first = "a first password".to_owned();
    let own = house.identity.change_password(account, None, first.clone()).await;
    assert!(matches!(own, Err(IdentityError::Forbidden(_))), "who has no role sets none");
    house.identity.set_password(account, first.clone()).await.unwrap();
    assert!(house.sign_in(with(&first)).await.is_ok());
    let second = "a second password".to_owned();
    assert!(refused(house.identity.change_password(account, None, second.clone()).await));
    house.identity.change_password(account, Some(first.clone()), second.clone()).await.unwrap();
    assert!(refused(house.sign_in(with(&first)).await));
    assert!(house.sign_in(with(&second)).await.is_ok());
    let short = house.identity.set_password(account, "short".to_owned()).await;
    assert!(matches!(short, Err(IdentityError::Invalid { field: "/password", .. })));
}

#[tokio::test]
async fn tokens_are_renewed_and_slide_for_ninety_days() {
    let house = house();
    let account = house.somebody("ana@example.org").await;
    let mut tokens = house.signed_in(account).await.tokens;
    for _ in 0..3 {
        house.clock.advance_ms(89 * 24 * 3_600_000);
        assert!(!house.is_valid(&tokens));
        tokens = house.identity.renew(&tokens.refresh_token).await.unwrap();
        assert!(house.is_valid(&tokens));
    }
    house.clock.advance_ms(90 * 24 * 3_600_000);
    assert!(refused(house.identity.renew(&tokens.refresh_token).await));
    assert!(refused(house.identity.renew("nonsense").await));
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_device() {
    let house = house();
    let account = house.somebody("ana@example.org").await;
    let other = house.signed_in(account).await;
    let stolen = house.signed_in(account).await;
    let renewed = house.identity.renew(&stolen.tokens.refresh_token).await.unwrap();
    let newest = house.identity.renew(&renewed.refresh_token).await.unwrap();
    assert!(refused(house.identity.renew(&stolen.tokens.refresh_token).await));
    assert!(!house.is_valid(&newest), "access ends at once");
    assert!(refused(house.identity.renew(&newest.refresh_token).await));
    assert!(house.is_valid(&other.tokens), "another device of the account goes on");
    assert_eq!(house.identity.list_devices(account).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_does_not_sign_a_phone_out() {
    let house = house();
    let account = house.somebody("ana@example.org").await;
    let first = house.signed_in(account).await.tokens;
    house.identity.renew(&first.refresh_token).await.unwrap();
    house.clock.advance_ms(60_000);
    let again = house.identity.renew(&first.refresh_token).await.unwrap();
    assert!(house.is_valid(&again));
    assert!(house.identity.renew(&again.refresh_token).await.is_ok());
    assert!(refused(house.identity.renew(&first.refresh_token).await), "its successor was used");
}

#[tokio::test]
async fn a_device_ended_on_one_node_is_ended_on_all() {
    let house = house();
    let other_node = house.another_node();
    let account = house.somebody("ana@example.org").await;
    let [one, other] = [house.signed_in(account).await, house.signed_in(account).await];
    let mut endings = other_node.listen_to_endings();
    assert!(other_node.find_bearer(&one.tokens.access_token).is_some());

    house.identity.end_device(account, one.device.id).await.unwrap();
    assert!(!house.is_valid(&one.tokens) && house.is_valid(&other.tokens));
    let mut conn = Connection::open(&house.url).unwrap();
    assert_eq!(other_node.follow_sign_outs(&mut conn).unwrap(), [one.device.id]);
    assert_eq!(other_node.follow_sign_outs(&mut conn).unwrap(), []);
    assert_eq!(other_node.find_bearer(&one.tokens.access_token), None);
    assert!(other_node.find_bearer(&other.tokens.access_token).is_some());
    assert_eq!(endings.try_recv(), Ok(one.device.id));
    let started_later = house.another_node();
    assert_eq!(started_later.find_bearer(&one.tokens.access_token), None);
    assert_eq!(house.identity.end_device(account, one.device.id).await, Err(IdentityError::NotFound));
}

#[tokio::test]
async fn nobody_ends_a_device_of_somebody_else() {
    let house = house();
    let ana = house.somebody("ana@example.org").await;
    let eva = house.somebody("eva@example.org").await;
    let answer = house.signed_in(ana).await;
    assert_eq!(house.identity.end_device(eva, answer.device.id).await, Err(IdentityError::NotFound));
    assert!(house.is_valid(&answer.tokens));
}

#[tokio::test]
async fn a_rotated_key_signs_when_every_node_knows_it() {
    let house = house();
    let other_node = house.another_node();
    let account = house.somebody("ana@example.org").await;
    let old = house.signed_in(account).await.tokens;
    house.clock.advance_ms(60_000);
    house.identity.rotate_keys().await.unwrap();
    assert_eq!(house.identity.public_keys().keys.len(), 2);
    house.clock.advance_ms(15_000);
    other_node.follow_sign_outs(&mut Connection::open(&house.url).unwrap()).unwrap();
    let new = house.signed_in(account).await.tokens;
    let kid = |tokens: &TokenPair| jsonwebtoken::decode_header(&tokens.access_token).unwrap().kid;
    assert_ne!(kid(&old), kid(&new));
    for tokens in [&old, &new] {
        assert!(other_node.find_bearer(&tokens.access_token).is_some());
    }
}
