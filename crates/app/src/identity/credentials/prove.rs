//! Showing a factor: a code, a recovery code, a passkey. Each works once, also where two come at once.

use super::{LATE, PATIENCE, PasskeyAsk, WRONG, purpose, recovery_hash};
use crate::identity::{Assertion, Read, base64url, passkey, password::same, totp};
use crate::{App, AppError, Result, sign_in::Proof};
use serde::{Deserialize, Serialize};
use symbolon_access::Viewer;
use symbolon_domain::{
    kinds::{Credential, Method},
    record::RecordId,
};
use symbolon_store::{Change, StoreError};

#[derive(Serialize, Deserialize)]
pub(super) struct Challenge {
    account: RecordId,
    pub(super) challenge: String,
}

impl App {
    /// Asks an account's passkeys to prove themselves.
    pub(crate) fn ask_passkey(&self, account: RecordId) -> Result<PasskeyAsk> {
        let challenge = base64url(&self.around.random::<32>());
        let passkeys = self.credentials_raw(account)?;
        let known = passkeys
            .into_iter()
            .filter(|c| c.body.method == Method::Passkey);
        let kept = Challenge {
            account,
            challenge: challenge.clone(),
        };
        Ok(PasskeyAsk {
            host: passkey::host(self.identity.origin()).to_owned(),
            user: base64url(account.0.as_bytes()),
            name: String::new(),
            known: known.map(|c| c.body.passkey).collect(),
            ticket: self.ticket("passkey", &kept, PATIENCE)?,
            challenge,
        })
    }

    /// The challenge of a ticket, which works once.
    pub(super) fn challenge(&self, ticket: &str, account: RecordId) -> Result<Challenge> {
        let challenge = self
            .read_ticket::<Challenge>("passkey", ticket)?
            .ok_or(LATE)?;
        let until = self.around.now_ms() + PATIENCE;
        if challenge.account != account || !self.use_once("passkey", &challenge.challenge, until)? {
            return Err(LATE);
        }
        Ok(challenge)
    }

    /// Checks a factor of an account; what it was. Failures count like wrong passwords do.
    pub(crate) fn prove(
        &self,
        viewer: &Viewer,
        account: RecordId,
        proof: &Proof,
    ) -> Result<&'static str> {
        let name = format!("factor {account}");
        self.may_try(viewer, &name)?;
        let there = self.credentials_raw(account)?;
        let found = match proof {
            Proof::Code(code) => self.by_code(&there, code)?,
            Proof::Passkey(ticket, answer) => self.by_passkey(account, &there, ticket, answer)?,
        };
        let Some((how, change)) = found else {
            self.guessed_wrong(viewer, &name)?;
            return Err(WRONG);
        };
        // Two that show the same code at once: the second finds a newer version and is refused.
        match self.put_all(viewer, vec![change]) {
            Err(AppError::Store(StoreError::Stale { .. })) => {
                self.guessed_wrong(viewer, &name)?;
                Err(WRONG)
            }
            Err(e) => Err(e),
            Ok(()) => {
                self.guessed_right(viewer, &name)?;
                Ok(how)
            }
        }
    }

    fn by_code(
        &self,
        there: &[Read<Credential>],
        code: &str,
    ) -> Result<Option<(&'static str, Change)>> {
        let hash = recovery_hash(code);
        for c in there {
            let mut new = c.body.clone();
            match c.body.method {
                Method::Totp => {
                    let secret = self.secret_of::<[u8; 20]>(c)?.unwrap_or_default();
                    let now = self.around.now_ms();
                    if let Some(step) = totp::step_of(&secret, code, now, c.body.used) {
                        new.used = step;
                        let change = self.credential(&new, c.id, c.version, "credential.use")?;
                        return Ok(Some(("totp", change)));
                    }
                }
                Method::Recovery => {
                    let mut hashes = self.secret_of::<Vec<String>>(c)?.unwrap_or_default();
                    let fits = |h: &String| same(h.as_bytes(), hash.as_bytes());
                    if let Some(at) = hashes.iter().position(fits) {
                        hashes.remove(at);
                        new.sealed = self.seal(&purpose(new.account, Method::Recovery), &hashes)?;
                        let change = self.credential(&new, c.id, c.version, "credential.use")?;
                        return Ok(Some(("recovery", change)));
                    }
                }
                Method::Password | Method::Passkey => {}
            }
        }
        Ok(None)
    }

    fn by_passkey(
        &self,
        account: RecordId,
        there: &[Read<Credential>],
        ticket: &str,
        answer: &Assertion,
    ) -> Result<Option<(&'static str, Change)>> {
        let Ok(challenge) = self.challenge(ticket, account) else {
            return Ok(None);
        };
        let challenge = challenge.challenge;
        let wanted = passkey::Wanted {
            origin: self.identity.origin(),
            challenge: &challenge,
        };
        let own =
            |c: &&Read<Credential>| c.body.method == Method::Passkey && c.body.passkey == answer.id;
        let Some(c) = there.iter().find(own) else {
            return Ok(None);
        };
        match passkey::used(&wanted, answer, &c.body.public_key, c.body.used) {
            Ok(counter) => {
                let mut new = c.body.clone();
                new.used = counter;
                // A counter that stands still is written all the same: the use is journalled.
                new.made = c.body.made;
                let change = self.credential(&new, c.id, c.version, "credential.use")?;
                Ok(Some(("passkey", change)))
            }
            Err(why) => {
                tracing::info!(why, "a passkey was refused");
                Ok(None)
            }
        }
    }
}
