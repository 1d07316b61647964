//! What somebody proves with: passwords, codes, passkeys, recovery codes. A password needs a second factor
//! beside it; nobody is left with a password alone.

mod prove;
mod register;

use super::{Draft, Read, of_token};
use crate::{App, AppError, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use symbolon_access::Viewer;
use symbolon_domain::{
    kinds::{Credential, Identity, Method},
    record::RecordId,
};
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

/// A credential as its owner sees it.
#[derive(Clone, Debug)]
pub struct CredentialLine {
    /// The record.
    pub id: RecordId,
    /// What it is.
    pub method: Method,
    /// Name its owner gave it.
    pub name: String,
    /// When it was registered, milliseconds since 1970-01-01 UTC.
    pub made: i64,
}

/// A second factor about to be registered.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// What the browser keeps until the code comes.
    pub ticket: String,
    /// The key in base32, to be typed.
    pub key: String,
    /// The key as an address for the app.
    pub address: String,
}

/// A question to a browser's passkeys.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyAsk {
    /// The challenge, base64url.
    pub challenge: String,
    /// The relying party: the host of this site.
    pub host: String,
    /// Id of the person for the passkey, base64url.
    pub user: String,
    /// Name of the person.
    pub name: String,
    /// Passkeys there are, base64url.
    pub known: Vec<String>,
    /// What the browser sends back with the answer.
    pub ticket: String,
}

/// Minutes for an answer.
pub(super) const PATIENCE: i64 = 10 * 60 * 1000;
pub(super) const WRONG: AppError =
    AppError::SignIn("the code or passkey does not fit, or was used already");
pub(super) const LATE: AppError = AppError::SignIn("the time for this is over; begin again");

pub(super) fn owner(viewer: &Viewer) -> Result<RecordId> {
    viewer
        .account()
        .ok_or(AppError::SignIn("nobody is signed in"))
}

pub(super) fn purpose(account: RecordId, method: Method) -> String {
    format!("credential {account} {method:?}")
}

impl App {
    pub(crate) fn credentials_raw(&self, account: RecordId) -> Result<Vec<Read<Credential>>> {
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("active".to_owned())));
        self.find_all("credential", &query)
    }

    /// The credentials of an account.
    pub fn credentials_of(&self, account: RecordId) -> Result<Vec<CredentialLine>> {
        let line = |c: Read<Credential>| CredentialLine {
            id: c.id,
            method: c.body.method,
            name: c.body.name,
            made: c.body.made,
        };
        Ok(self
            .credentials_raw(account)?
            .into_iter()
            .map(line)
            .collect())
    }

    /// The name an account signs in with here, and its names elsewhere.
    pub fn identities_of(&self, account: RecordId) -> Result<Vec<Identity>> {
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("active".to_owned())));
        let found = self.find_all::<Identity>("identity", &query)?;
        Ok(found.into_iter().map(|i| i.body).collect())
    }

    pub(crate) fn identity_at(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Read<Identity>>> {
        let (id, _) = of_token("identity", &format!("{issuer}\n{subject}"));
        let found = self.find::<Identity>("identity", id)?;
        let same = |i: &Read<Identity>| {
            i.state == "active" && i.body.issuer == issuer && i.body.subject == subject
        };
        Ok(found.filter(same))
    }

    /// The change that ties a name at an issuer to an account; refused where another has it.
    pub(crate) fn tie(
        &self,
        account: RecordId,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Change>> {
        let (id, _) = of_token("identity", &format!("{issuer}\n{subject}"));
        let found = self.find::<Identity>("identity", id)?;
        if let Some(there) = found.as_ref().filter(|i| i.state == "active") {
            return if there.body.account == account {
                Ok(None)
            } else {
                Err(AppError::Invalid(
                    "this name is taken; choose another".to_owned(),
                ))
            };
        }
        let body = Identity {
            account,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
        };
        let version = found.map_or(0, |i| i.version);
        let draft = Draft {
            kind: "identity",
            id,
            version,
            state: "active",
            body: &body,
            action: "identity.tie",
            reason: "",
        };
        self.draft(&draft).map(Some)
    }

    /// The changes that take away every name of an account at an issuer.
    pub(crate) fn untie(&self, account: RecordId, issuer: &str) -> Result<Vec<Change>> {
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("active".to_owned())));
        let found = self.find_all::<Identity>("identity", &query)?;
        let there = found.iter().filter(|i| i.body.issuer == issuer);
        there
            .map(|i| {
                self.draft(&Draft {
                    kind: "identity",
                    id: i.id,
                    version: i.version,
                    state: "removed",
                    body: &i.body,
                    action: "identity.remove",
                    reason: "",
                })
            })
            .collect()
    }

    pub(crate) fn secret_of<T: serde::de::DeserializeOwned>(
        &self,
        credential: &Read<Credential>,
    ) -> Result<Option<T>> {
        let c = &credential.body;
        self.unseal(&purpose(c.account, c.method), &c.sealed)
    }

    pub(super) fn credential(
        &self,
        c: &Credential,
        id: RecordId,
        version: i64,
        action: &str,
    ) -> Result<Change> {
        self.draft(&Draft {
            kind: "credential",
            id,
            version,
            state: "active",
            body: c,
            action,
            reason: "",
        })
    }

    pub(super) fn blank(&self, account: RecordId, method: Method, name: &str) -> Credential {
        Credential {
            account,
            method,
            name: name.trim().chars().take(80).collect(),
            sealed: String::new(),
            passkey: String::new(),
            public_key: String::new(),
            used: 0,
            made: self.around.now_ms(),
        }
    }

    pub(super) fn new_id(&self) -> RecordId {
        RecordId::from_random(self.around.random())
    }

    pub(crate) fn revoked(&self, c: &Read<Credential>, reason: &str) -> Result<Change> {
        self.draft(&Draft {
            kind: "credential",
            id: c.id,
            version: c.version,
            state: "revoked",
            body: &c.body,
            action: "credential.revoke",
            reason,
        })
    }
}

pub(super) fn recovery_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    hex::encode(Sha256::digest(plain.to_ascii_uppercase().as_bytes()))
}
