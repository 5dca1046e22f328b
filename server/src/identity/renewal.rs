//! Renewing tokens.

use diesel::QueryResult;
use shared::ids::{AccountId, DeviceId};
use shared::time::Timestamp;

use super::rules::{Verdict, judge_token};
use super::secrets::{fingerprint, random_token};
use super::sign_in::TokenPair;
use super::{Identity, IdentityError, store};
use crate::database::Connection;

enum Renewal {
    Renewed(AccountId),
    Refused,
    Ended,
}

impl Identity {
    /// New tokens for a refresh token. One that was stolen ends its device.
    pub async fn renew(&self, refresh_token: &str) -> Result<TokenPair, IdentityError> {
        let old = fingerprint(refresh_token);
        let asked = old.clone();
        let found = self.readers.read(move |conn| store::find_token_device(conn, &asked)).await?;
        let device = found.ok_or(IdentityError::Refused)?;
        self.limits.count_renewal(device)?;
        let now = self.clock.now();
        let token = random_token();
        let new = fingerprint(&token);
        match self.writer.system(move |conn| renew_stored(conn, device, (&old, &new), now)).await? {
            Renewal::Renewed(account) => self.pair(account, device, token),
            Renewal::Refused => Err(IdentityError::Refused),
            Renewal::Ended => {
                tracing::warn!(%device, "a refresh token came twice; its device was signed out");
                self.sign_outs.note(device, now);
                Err(IdentityError::Refused)
            }
        }
    }
}

fn renew_stored(
    conn: &mut Connection,
    device: DeviceId,
    (old, new): (&str, &str),
    now: Timestamp,
) -> QueryResult<Renewal> {
    let Some(account) = store::touch_device(conn, device, now)? else { return Ok(Renewal::Refused) };
    let family = store::list_family(conn, device)?;
    match judge_token(old, &family, now) {
        Verdict::Renew => {
            store::renew_token(conn, device, old, new, now)?;
            Ok(Renewal::Renewed(account))
        }
        Verdict::Out => Ok(Renewal::Refused),
        Verdict::Stolen => {
            store::end_device(conn, account, device, now)?;
            Ok(Renewal::Ended)
        }
    }
}
