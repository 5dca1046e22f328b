//! What people do with their own account.

use shared::ids::{AccountId, DeviceId};
use shared::localised::is_language_tag;

use super::sign_in::ProfileView;
use super::store::{self, Device, Profile};
use super::{Identity, IdentityError, passwords};

/// What may be changed of an account; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountChange {
    /// The name.
    pub name: Option<String>,
    /// The language, or `None` for none.
    pub language: Option<Option<String>>,
}

impl Identity {
    /// An account with what it is to the events.
    pub async fn load_profile(&self, account: AccountId) -> Result<ProfileView, IdentityError> {
        let profile = self.readers.read(move |conn| conn.at_one_moment(|conn| store::load_profile(conn, account)));
        profile.await?.map(Into::into).ok_or(IdentityError::NotFound)
    }

    /// Changes one's own account.
    pub async fn change_account(
        &self,
        account: AccountId,
        change: AccountChange,
    ) -> Result<ProfileView, IdentityError> {
        if change.name.as_deref().is_some_and(|name| !store::is_acceptable_name(name)) {
            return Err(IdentityError::Invalid { field: "/name", problem: "is empty, too long or no text" });
        }
        if change.language.iter().flatten().any(|tag| !is_language_tag(tag)) {
            return Err(IdentityError::Invalid {
                field: "/language",
                problem: "is no language tag such as es or pt-BR",
            });
        }
        self.require_person(account).await?;
        let changed = self.writer.system(move |conn| {
            let language = change.language.as_ref().map(|language| language.as_deref());
            store::change_account(conn, account, change.name.as_deref().map(str::trim), language)?;
            store::load_profile(conn, account)
        });
        changed.await?.map(Into::into).ok_or(IdentityError::NotFound)
    }

    /// Sets one's own password. Who has one shows it, and only staff set a first one, so that an attendee's phone
    /// left on a table is not enough.
    pub async fn change_password(
        &self,
        account: AccountId,
        current: Option<String>,
        new: String,
    ) -> Result<(), IdentityError> {
        self.require_person(account).await?;
        let stored = self
            .readers
            .read(move |conn| Ok((store::load_profile(conn, account)?, store::find_password_hash(conn, account)?)));
        let (found, hash) = stored.await?;
        let Profile { account: found, roles, .. } = found.ok_or(IdentityError::NotFound)?;
        if hash.is_none() && roles.is_empty() {
            return Err(IdentityError::Forbidden("Passwords are for staff; sign in by a code that is mailed to you."));
        }
        if hash.is_some() {
            let key = found.email.unwrap_or_else(|| account.to_string());
            self.limits.count_password(&key)?;
            let current = current.unwrap_or_default();
            if !self.passwords.is_right(current, hash).await {
                return Err(IdentityError::Refused);
            }
            self.limits.forgive_password(&key);
        }
        self.set_password(account, new).await
    }

    /// Sets the password of an account, for the command line.
    pub async fn set_password(&self, account: AccountId, new: String) -> Result<(), IdentityError> {
        if !passwords::is_acceptable(&new) {
            return Err(IdentityError::Invalid {
                field: "/password",
                problem: "has fewer than 10 characters, or more than 512 bytes",
            });
        }
        let hash = self.passwords.hash(new).await.ok_or(IdentityError::Failed("a password could not be hashed"))?;
        let set = self.writer.system(move |conn| store::set_password_hash(conn, account, &hash)).await?;
        if set { Ok(()) } else { Err(IdentityError::NotFound) }
    }

    /// Refuses the account of an enrolled device: what is a person's own is not for it.
    pub async fn require_person(&self, account: AccountId) -> Result<(), IdentityError> {
        let person = self.readers.read(move |conn| store::find_person(conn, account)).await?;
        match person {
            Some(_) => Ok(()),
            None => Err(IdentityError::Forbidden("This is the account of a device, and no person's.")),
        }
    }

    /// The devices of an account, those used last first.
    pub async fn list_devices(&self, account: AccountId) -> Result<Vec<Device>, IdentityError> {
        Ok(self.readers.read(move |conn| store::list_devices(conn, account)).await?)
    }

    /// Ends a device of an account, at once here and within a second on every node.
    pub async fn end_device(&self, account: AccountId, device: DeviceId) -> Result<(), IdentityError> {
        let now = self.clock.now();
        if !self.writer.system(move |conn| store::end_device(conn, account, device, now)).await? {
            return Err(IdentityError::NotFound);
        }
        self.sign_outs.note(device, now);
        tracing::info!(%account, %device, "a device was signed out");
        Ok(())
    }

    /// Removes an account that is nobody's, acts for nobody and has no role or duty at any event;
    /// its devices end at once here and within a second on every node. Whether it was removed.
    pub async fn remove_idle_account(&self, account: AccountId) -> Result<bool, IdentityError> {
        let now = self.clock.now();
        let removed = self.writer.system(move |conn| store::remove_idle_account(conn, account, now)).await?;
        let Some(devices) = removed else { return Ok(false) };
        devices.into_iter().for_each(|device| self.sign_outs.note(device, now));
        tracing::info!(%account, "an account was removed");
        Ok(true)
    }
}
