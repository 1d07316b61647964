//! Who somebody is: accounts and what proves them, sessions, tokens, and who may administer whom
//! (security.md section 4, R-21 to R-23). Everything is a record of the area "administration"; only the
//! use cases here and in `sign_in` write those, for the person whom the journal names.

pub mod accounts;
mod base;
mod breached;
mod break_glass;
mod cbor;
mod credentials;
pub mod duties;
pub mod events;
mod language;
pub mod oidc;
mod passkey;
mod password;
mod secrets;
mod settings;
mod signature;
pub mod standing;
mod throttle;
mod tokens;
mod totp;

pub use base::decode as base64url_decode;
pub use base::encode as base64url;
pub use breached::Breached;
pub use break_glass::{GlassUse, REVIEW};
pub use credentials::{CredentialLine, Enrolment, PasskeyAsk};
pub use passkey::{Assertion, Registration};
pub(crate) use password::Hashed;
pub use settings::{Argon2Cost, Settings};
pub use tokens::{NewToken, TokenLine, TokenViewer};

use crate::{App, AppError, Result, load::envelope};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use symbolon_access::Viewer;
use symbolon_domain::{
    kinds::{Account, SignInAttempt},
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::{Change, StoreError, query::RecordQuery};

/// What the identity use cases keep between requests.
pub struct Identities {
    /// What the operator set.
    pub settings: Settings,
    /// Where requests to identity providers go; absent: none can be asked.
    pub outward: Option<Arc<dyn oidc::Outward>>,
    pub(crate) sessions: crate::sign_in::Sessions,
    pub(crate) providers: oidc::Known,
    gate: Gate,
    origin: OnceLock<String>,
}

impl Identities {
    /// With these settings.
    #[must_use]
    pub fn new(settings: Settings, outward: Option<Arc<dyn oidc::Outward>>) -> Self {
        Self {
            gate: Gate::new(settings.most_hashes),
            settings,
            outward,
            sessions: crate::sign_in::Sessions::default(),
            providers: oidc::Known::default(),
            origin: OnceLock::new(),
        }
    }

    /// Says under which origin people reach the site; the first word counts. Passkeys and identity
    /// providers are bound to it.
    pub fn serve_at(&self, address: &str) {
        let _ = self.origin.set(address.trim_end_matches('/').to_owned());
    }

    /// The origin under which people reach the site.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.origin
            .get()
            .map_or("http://localhost:7600", String::as_str)
    }
}

/// Lets so many through at once: password hashes take memory on purpose.
struct Gate {
    free: Mutex<usize>,
    one_left: Condvar,
}

impl Gate {
    fn new(most: usize) -> Self {
        Self {
            free: Mutex::new(most.max(1)),
            one_left: Condvar::new(),
        }
    }

    fn through<T>(&self, f: impl FnOnce() -> T) -> T {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self
                .one_left
                .wait(free)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        drop(free);
        let answer = f();
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.one_left.notify_one();
        answer
    }
}

/// A record of identity about to be written.
pub(crate) struct Draft<'a, B> {
    pub(crate) kind: &'a str,
    pub(crate) id: RecordId,
    /// Version worked on; 0 for a new one.
    pub(crate) version: i64,
    pub(crate) state: &'a str,
    pub(crate) body: &'a B,
    pub(crate) action: &'a str,
    pub(crate) reason: &'a str,
}

/// A record read back as its struct.
pub(crate) struct Read<B> {
    pub(crate) id: RecordId,
    pub(crate) version: i64,
    pub(crate) state: String,
    pub(crate) body: B,
}

/// The body of a record as its struct.
pub(crate) fn read<T: DeserializeOwned>(record: &Record) -> Result<T> {
    serde_json::from_value(record.body.clone()).map_err(|e| AppError::Internal(e.to_string()))
}

/// SHA-256 in hexadecimal, and the record id that follows from it: a look-up is then by key and says
/// nothing by its timing.
pub(crate) fn of_token(kind: &str, token: &str) -> (RecordId, String) {
    let hash = hex::encode(Sha256::digest(token.as_bytes()));
    (RecordId::named(kind, &hash), hash)
}

impl App {
    /// One change of an identity record, to be written with others.
    pub(crate) fn draft<B: Serialize>(&self, draft: &Draft<'_, B>) -> Result<Change> {
        let label = Label::internal("USA");
        let mut envelope = envelope(draft.kind, draft.id, &code_of(draft.kind, draft.id), label);
        (envelope.version, envelope.state) = (draft.version, draft.state.to_owned());
        Ok(Change {
            envelope,
            body: serde_json::to_value(draft.body)
                .map_err(|e| AppError::Internal(e.to_string()))?,
            action: draft.action.to_owned(),
            reason: draft.reason.to_owned(),
            saw: vec![],
        })
    }

    /// Writes one identity record for a viewer.
    pub(crate) fn put<B: Serialize>(&self, viewer: &Viewer, draft: &Draft<'_, B>) -> Result<()> {
        let change = self.draft(draft)?;
        self.put_all(viewer, vec![change])
    }

    /// Writes identity records together, in the name of the viewer. What is known of sessions is
    /// forgotten, so that the change binds at once.
    pub(crate) fn put_all(&self, viewer: &Viewer, changes: Vec<Change>) -> Result<()> {
        let writer = match viewer.actor {
            symbolon_access::Actor::System => viewer.clone(),
            _ => viewer.identity(),
        };
        self.store.write(&writer, changes)?;
        Ok(())
    }

    /// One identity record.
    pub(crate) fn find<B: DeserializeOwned>(
        &self,
        kind: &str,
        id: RecordId,
    ) -> Result<Option<Read<B>>> {
        let record = self.store.get(&self.system(), kind, id)?;
        record.as_ref().map(whole).transpose()
    }

    /// Identity records that match.
    pub(crate) fn find_all<B: DeserializeOwned>(
        &self,
        kind: &str,
        query: &RecordQuery,
    ) -> Result<Vec<Read<B>>> {
        let records = self.store.list(&self.system(), kind, query)?;
        records.iter().map(whole).collect()
    }

    /// Uses a one-time value up; refused the second time, also when two try at once.
    pub(crate) fn use_once(&self, purpose: &str, value: &str, expires: i64) -> Result<bool> {
        let (id, value_sha256) = of_token(&format!("sign_in_attempt {purpose}"), value);
        let attempt = SignInAttempt {
            purpose: purpose.to_owned(),
            value_sha256,
            expires,
        };
        let written = self.put(
            &self.system(),
            &Draft {
                kind: "sign_in_attempt",
                id,
                version: 0,
                state: "used",
                body: &attempt,
                action: "sign_in_attempt.use",
                reason: purpose,
            },
        );
        match written {
            Ok(()) => Ok(true),
            Err(AppError::Store(StoreError::Stale { .. } | StoreError::Duplicate(_))) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// An account that may sign in.
    pub(crate) fn active_account(&self, id: RecordId) -> Result<Option<Read<Account>>> {
        let found = self.find::<Account>("account", id)?;
        Ok(found.filter(|a| a.body.active && a.state == "active"))
    }
}

fn whole<B: DeserializeOwned>(record: &Record) -> Result<Read<B>> {
    Ok(Read {
        id: record.envelope.id,
        version: record.envelope.version,
        state: record.envelope.state.clone(),
        body: read(record)?,
    })
}

fn code_of(kind: &str, id: RecordId) -> String {
    match kind {
        "account" => format!("A-{}", &id.to_string()[..8]),
        _ => id.to_string(),
    }
}
