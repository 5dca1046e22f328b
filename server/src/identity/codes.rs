//! Giving codes out: by mail, and by staff.

use std::future::Future;
use std::sync::Arc;

use shared::ids::AccountId;
use shared::time::Timestamp;
use uuid::Uuid;

use super::mail_texts::{CodeMail, Known};
use super::rules::{HandOut, judge_hand_out};
use super::secrets::{MAILED_CODE_CHARS, STAFF_CODE_CHARS, group_code, random_code, random_token};
use super::store::{self, Channel, NewCode};
use super::{Identity, IdentityError};

/// How long a mailed code and its link are valid.
pub const MAILED_CODE_MS: i64 = 10 * 60_000;

/// How long a code handed out by staff is valid.
pub const STAFF_CODE_MS: i64 = 24 * 3_600_000;

impl Identity {
    /// Mails a code to an address, if it is an account's, or if `may_come` tells that anybody may have one, in the
    /// background: the caller learns neither whether it is, nor how long it took.
    pub fn request_code(
        self: &Arc<Self>,
        email: &str,
        language: Option<String>,
        may_come: impl Future<Output = bool> + Send + 'static,
    ) -> Result<(), IdentityError> {
        let problem = "is no address that mail can be sent to";
        let email = store::normalise_email(email).ok_or(IdentityError::Invalid { field: "/email", problem })?;
        let turn = Arc::clone(&self.mails).try_acquire_owned();
        let turn = turn.map_err(|_| IdentityError::Unavailable("too many mails are under way".to_owned()))?;
        let identity = Arc::clone(self);
        tokio::spawn(async move {
            let id = Uuid::now_v7();
            if let Err(error) = identity.mail_code(id, (email, language), may_come).await {
                tracing::warn!(%error, mail = %id, "a sign-in code could not be mailed");
            }
            drop(turn);
        });
        Ok(())
    }

    async fn mail_code(
        &self,
        id: Uuid,
        (email, language): (String, Option<String>),
        may_come: impl Future<Output = bool>,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if !self.limits.may_mail(&email) {
            return Ok(());
        }
        let asked = email.clone();
        let found = self.readers.read(move |conn| store::find_account_by_email(conn, &asked)).await?;
        let Some(account) = found else {
            return if may_come.await { self.mail_newcomer(id, (email, language)).await } else { Ok(()) };
        };
        let (code, link) = (random_code(MAILED_CODE_CHARS), random_token());
        self.save(account.id, &code, Channel::Mail(Some(link.clone())), MAILED_CODE_MS).await?;
        let mail = CodeMail {
            known: Some(Known { name: &account.name, link: &format!("{}/sign-in#{link}", self.settings.public_url) }),
            code: &group_code(&code),
            minutes: MAILED_CODE_MS / 60_000,
        };
        let language = language.or(account.language).unwrap_or_default();
        self.mailer.send(id, &email, mail.write(&language)).await?;
        tracing::info!(account = %account.id, "a sign-in code was mailed");
        Ok(())
    }

    /// Mails a code with which somebody gets an account. There is no link: it would have to say whose address it is.
    async fn mail_newcomer(
        &self,
        id: Uuid,
        (email, language): (String, Option<String>),
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let code = random_code(MAILED_CODE_CHARS);
        self.save(self.pepper.key_of_newcomer(&email), &code, Channel::Mail(None), MAILED_CODE_MS).await?;
        let mail = CodeMail { known: None, code: &group_code(&code), minutes: MAILED_CODE_MS / 60_000 };
        self.mailer.send(id, &email, mail.write(&language.unwrap_or_default())).await?;
        tracing::info!(mail = %id, "a sign-in code was mailed to somebody new");
        Ok(())
    }

    /// A code that staff hand to a person of their event (named by id or slug), in groups, and when
    /// it ends.
    pub async fn hand_out_code(
        &self,
        staff: AccountId,
        event: String,
        person: AccountId,
    ) -> Result<(String, Timestamp), IdentityError> {
        let profiles = self.readers.read(move |conn| {
            conn.at_one_moment(|conn| Ok((store::load_profile(conn, staff)?, store::load_profile(conn, person)?)))
        });
        let (staff, person) = profiles.await?;
        let staff = staff.ok_or(IdentityError::NotFound)?;
        let judged = match &person {
            Some(person) => judge_hand_out(&staff, person, &event),
            // A stranger must not learn which accounts there are.
            None => match judge_hand_out(&staff, &staff, &event) {
                HandOut::NotStaff => HandOut::NotStaff,
                _ => HandOut::Unknown,
            },
        };
        match (judged, person) {
            (HandOut::Allowed, Some(person)) => {
                tracing::info!(account = %person.account.id, by = %staff.account.id, "a sign-in code was handed out");
                self.mint_code(person.account.id).await
            }
            (HandOut::NotStaff, _) => {
                Err(IdentityError::Forbidden("Only organisers and desks of the event hand out codes."))
            }
            (HandOut::WouldGainRights, _) => Err(IdentityError::Forbidden(
                "A code may bring no roles and no people beyond those of who hands it out.",
            )),
            (HandOut::Unknown | HandOut::Allowed, _) => Err(IdentityError::NotFound),
        }
    }

    /// A code for an account, in groups, and when it ends, without asking who wants it: for the
    /// command line.
    pub async fn mint_code(&self, account: AccountId) -> Result<(String, Timestamp), IdentityError> {
        let code = random_code(STAFF_CODE_CHARS);
        let expires_at = self.save(account, &code, Channel::Staff, STAFF_CODE_MS).await?;
        Ok((group_code(&code), expires_at))
    }

    async fn save(
        &self,
        account: AccountId,
        code: &str,
        channel: Channel,
        valid_ms: i64,
    ) -> Result<Timestamp, IdentityError> {
        let now = self.clock.now();
        let expires_at = Timestamp(now.0 + valid_ms);
        let pepper = Arc::clone(&self.pepper);
        let new = NewCode { account, code: code.to_owned(), channel, expires_at };
        self.writer.system(move |conn| store::save_code(conn, &pepper, &new, now)).await?;
        Ok(expires_at)
    }
}
