//! The second factor: a code of an app, a passkey, or a recovery code. Shown when signing in with a
//! password, and again before what needs fresh proof.

use super::{Opening, SignedIn};
use crate::identity::{Assertion, CredentialLine, PasskeyAsk};
use crate::{App, AppError, Result};
use serde::{Deserialize, Serialize};
use symbolon_access::Viewer;
use symbolon_domain::{kinds::Method, record::RecordId};

/// A password was right; a factor is still to be shown. For the browser to keep, sealed, ten minutes.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What the browser keeps.
    pub ticket: String,
    /// Ways to show a factor.
    pub ways: Vec<Method>,
}

/// A factor as shown.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A typed code: of an app, or a recovery code.
    Code(String),
    /// A passkey: the ticket of the question and the answer to it.
    Passkey(String, Assertion),
}

/// What the ticket holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Half {
    pub(crate) account: RecordId,
    pub(crate) name: String,
    /// Makes the ticket one that works once.
    pub(crate) once: String,
}

/// Minutes between password and factor.
pub(crate) const PATIENCE: i64 = 10 * 60 * 1000;

const OVER: AppError =
    AppError::SignIn("the time to show the second factor is over; begin again with the password");

impl App {
    fn half(&self, ticket: &str) -> Result<Half> {
        self.read_ticket::<Half>("factor", ticket)?.ok_or(OVER)
    }

    /// Ways in which the person behind a ticket can show a factor.
    pub fn pending(&self, ticket: &str) -> Result<Pending> {
        let half = self.half(ticket)?;
        Ok(Pending {
            ticket: ticket.to_owned(),
            ways: self.ways_of(half.account)?,
        })
    }

    /// Ways in which an account can show a factor.
    pub(crate) fn ways_of(&self, account: RecordId) -> Result<Vec<Method>> {
        let lines = self.credentials_of(account)?;
        let mut ways: Vec<Method> = lines
            .iter()
            .map(|c: &CredentialLine| c.method)
            .filter(|m| *m != Method::Password)
            .collect();
        ways.sort_unstable();
        ways.dedup();
        Ok(ways)
    }

    /// The question to the passkeys of the person behind a ticket.
    pub fn pending_passkey(&self, ticket: &str) -> Result<PasskeyAsk> {
        self.ask_passkey(self.half(ticket)?.account)
    }

    /// Signs in with the second factor.
    pub fn finish_sign_in(&self, viewer: &Viewer, ticket: &str, proof: &Proof) -> Result<SignedIn> {
        let half = self.half(ticket)?;
        let account = self.active_account(half.account)?.ok_or(OVER)?;
        let how = self.prove(viewer, half.account, proof)?;
        if !self.use_once("factor", &half.once, self.around.now_ms() + PATIENCE)? {
            return Err(OVER);
        }
        self.guessed_right(viewer, &half.name)?;
        self.open_session(&Opening::of(account, &format!("password+{how}")))
    }
}
