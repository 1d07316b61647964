//! A name and a password: the first half of a local sign-in. What is answered, and how long it
//! takes, is the same for a wrong password and for a name nobody has.

use super::Pending;
use super::factor::{Half, PATIENCE};
use crate::identity::Read;
use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::kinds::{Account, Method};

const WRONG: AppError = AppError::SignIn("name and password do not fit together");

impl App {
    /// Checks a name and a password; what follows is the second factor.
    pub fn begin_sign_in(&self, viewer: &Viewer, name: &str, password: &str) -> Result<Pending> {
        let name = name.trim().to_lowercase();
        let throttled = format!("name {name}");
        self.may_try(viewer, &throttled)?;
        let account = self.account_named(&name)?;
        let kept = match &account {
            Some(account) => self.kept_password(account.id)?,
            None => None,
        };
        // Longer ones are never set; not hashing them bounds the work.
        let fits = password.len() <= 1024 && self.password_fits(password, kept.as_ref())?;
        // Nobody with a password has no factor; should it be so, it is not let through.
        let ways = match (&account, fits) {
            (Some(account), true) => self.ways_of(account.id)?,
            _ => vec![],
        };
        let (Some(account), false) = (account, ways.is_empty()) else {
            self.guessed_wrong(viewer, &throttled)?;
            return Err(WRONG);
        };
        let half = Half {
            account: account.id,
            name: throttled,
            once: hex::encode(self.around.random::<16>()),
        };
        Ok(Pending {
            ticket: self.ticket("factor", &half, PATIENCE)?,
            ways,
        })
    }

    fn account_named(&self, name: &str) -> Result<Option<Read<Account>>> {
        match self.identity_at("local", name)? {
            Some(identity) => self.active_account(identity.body.account),
            None => Ok(None),
        }
    }

    fn kept_password(
        &self,
        account: symbolon_domain::record::RecordId,
    ) -> Result<Option<crate::identity::Hashed>> {
        let found = self.credentials_raw(account)?;
        let password = found.iter().find(|c| c.body.method == Method::Password);
        match password {
            Some(c) => self.secret_of(c),
            None => Ok(None),
        }
    }
}
