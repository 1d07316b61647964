//! Accounts, one-time links, sessions. Links and sessions are records: every sign-in is journalled.

use crate::{App, AppError, FRESH, Result, load::envelope};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{
    country::Iso3,
    kinds::{Account, Role, Session, SignInLink, Standing},
    label::Label,
    record::{Record, RecordId},
};
use symbolon_store::{Change, query::RecordQuery};

/// A link works so long.
const LINK: Duration = Duration::from_secs(30 * 60);
/// A session lasts so long at most.
const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);
/// And so long without a request.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// A factor counts as fresh for so long.
const FACTOR: Duration = Duration::from_secs(10 * 60);
/// And a user has so many.
const MOST_SESSIONS: usize = 5;

/// Sessions looked up lately, and when each was last used.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<RecordId, Known>>);

struct Known {
    /// When the store was asked, and what it said.
    looked: Instant,
    viewer: Actor,
    used: Instant,
    expires: i64,
}

/// Somebody new.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Nation.
    pub nation: Iso3,
    /// Clearances and scope; absent: what the role usually has.
    pub standing: Option<Standing>,
}

/// Somebody who just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The token for the cookie; never stored.
    pub token: String,
    /// Who.
    pub actor: Actor,
}

/// The hash of a token, and the record id it leads to. The id is part of the hash, so that a look-up
/// is by key and says nothing by its timing.
fn of_token(kind: &str, token: &str) -> (RecordId, String) {
    let hash = hex::encode(Sha256::digest(token.as_bytes()));
    (RecordId::named(kind, &hash), hash)
}

impl App {
    /// Adds an account, as an administrator or the operator.
    pub fn add_account(&self, viewer: &Viewer, new: &NewAccount) -> Result<RecordId> {
        let id = RecordId::from_random(self.around.random());
        let account = Account {
            name: new.name.clone(),
            role: new.role,
            nation: new.nation,
            active: true,
            standing: new.standing.clone().unwrap_or_else(|| usual(new.role)),
        };
        let change = Change {
            envelope: envelope(
                "account",
                id,
                &format!("A-{}", &id.to_string()[..8]),
                Label::internal(new.nation.as_str()),
            ),
            body: serde_json::to_value(account).map_err(|e| AppError::Internal(e.to_string()))?,
            action: "account.create".to_owned(),
            reason: String::new(),
            saw: vec![],
        };
        self.store.write(viewer, vec![change])?;
        Ok(id)
    }

    /// Every account, for the operator.
    pub fn accounts(&self, viewer: &Viewer) -> Result<Vec<(RecordId, Account)>> {
        let records = self
            .store
            .list(viewer, "account", &RecordQuery::default())?;
        Ok(records
            .into_iter()
            .filter_map(|r| Some((r.envelope.id, serde_json::from_value(r.body).ok()?)))
            .collect())
    }

    /// A token that signs an account in once, within 30 minutes. Only its hash is kept.
    pub fn sign_in_link(&self, account: RecordId) -> Result<String> {
        let token = hex::encode(self.around.random::<32>());
        let (id, token_sha256) = of_token("sign_in_link", &token);
        let expires = self.around.now_ms() + LINK.as_millis() as i64;
        let link = SignInLink {
            account,
            token_sha256,
            expires,
        };
        self.put(
            "sign_in_link",
            id,
            0,
            "open",
            &link,
            ("sign_in_link.create", ""),
        )?;
        Ok(token)
    }

    /// Whom a link would sign in, without using it.
    pub fn peek_link(&self, token: &str) -> Result<Account> {
        let (_, link) = self.open_link(token)?;
        Ok(self.account(link.account)?.1)
    }

    /// Uses a link: it works no second time.
    pub fn sign_in(&self, token: &str) -> Result<SignedIn> {
        let (record, link) = self.open_link(token)?;
        let (id, account) = self.account(link.account)?;
        self.put(
            "sign_in_link",
            record.envelope.id,
            record.envelope.version,
            "used",
            &link,
            ("sign_in_link.use", ""),
        )?;
        self.end_oldest(id)?;
        let token = hex::encode(self.around.random::<32>());
        let (session_id, token_sha256) = of_token("session", &token);
        let expires = self.around.now_ms() + ABSOLUTE.as_millis() as i64;
        let session = Session {
            account: id,
            token_sha256,
            expires,
        };
        self.put(
            "session",
            session_id,
            0,
            "open",
            &session,
            ("session.open", &account.name),
        )?;
        Ok(SignedIn {
            token,
            actor: actor(id, account),
        })
    }

    /// The viewer behind a token that was looked up within the last second; for that no wait is needed.
    #[must_use]
    pub fn known_viewer(&self, token: &str, request: &str) -> Option<Viewer> {
        let (id, _) = of_token("session", token);
        let now = self.around.now_ms();
        let mut known = self
            .sessions
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let k = known.get_mut(&id)?;
        if k.looked.elapsed() >= FRESH || k.used.elapsed() >= IDLE || now >= k.expires {
            return None;
        }
        k.used = Instant::now();
        Some(self.as_viewer(k.viewer.clone(), k.expires, &id, request))
    }

    /// The viewer behind a session token; `None` where it does not hold (any more).
    pub fn viewer(&self, token: &str, request: &str) -> Result<Option<Viewer>> {
        if let Some(viewer) = self.known_viewer(token, request) {
            return Ok(Some(viewer));
        }
        let (id, hash) = of_token("session", token);
        let now = self.around.now_ms();
        let Some(record) = self.store.get(&self.system(), "session", id)? else {
            return Ok(None);
        };
        let session: Session = read(&record)?;
        if record.envelope.state != "open" || session.token_sha256 != hash || session.expires <= now
        {
            return Ok(None);
        }
        let Ok((account_id, account)) = self.account(session.account) else {
            return Ok(None);
        };
        let mut known = self
            .sessions
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if known.get(&id).is_some_and(|k| k.used.elapsed() >= IDLE) {
            drop(known);
            self.put(
                "session",
                id,
                record.envelope.version,
                "ended",
                &session,
                ("session.idle", ""),
            )?;
            return Ok(None);
        }
        let viewer = actor(account_id, account);
        let entry = Known {
            looked: Instant::now(),
            viewer: viewer.clone(),
            used: Instant::now(),
            expires: session.expires,
        };
        known.insert(id, entry);
        Ok(Some(self.as_viewer(viewer, session.expires, &id, request)))
    }

    fn as_viewer(&self, actor: Actor, expires: i64, session: &RecordId, request: &str) -> Viewer {
        // Signing in is giving a factor; a session opened lately is as good as a step-up.
        let opened = expires - ABSOLUTE.as_millis() as i64;
        Viewer {
            actor,
            stepped_up: self.around.now_ms() < opened + FACTOR.as_millis() as i64,
            session: session.to_string(),
            request: request.to_owned(),
            ..self.public()
        }
    }

    /// Ends a session on the server.
    pub fn sign_out(&self, token: &str) -> Result<()> {
        let (id, _) = of_token("session", token);
        self.sessions
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
        let Some(record) = self.store.get(&self.system(), "session", id)? else {
            return Ok(());
        };
        if record.envelope.state == "open" {
            let session: Session = read(&record)?;
            self.put(
                "session",
                id,
                record.envelope.version,
                "ended",
                &session,
                ("session.end", ""),
            )?;
        }
        Ok(())
    }

    /// A token bound to a session, for forms.
    #[must_use]
    pub fn form_token(&self, session_token: &str) -> String {
        hex::encode(Sha256::digest(format!("form:{session_token}").as_bytes()))
    }

    fn open_link(&self, token: &str) -> Result<(Record, SignInLink)> {
        const GONE: AppError = AppError::SignIn(
            "this link does not work: it was used, it is older than 30 minutes, or it was never made here",
        );
        let (id, hash) = of_token("sign_in_link", token);
        let record = self
            .store
            .get(&self.system(), "sign_in_link", id)?
            .ok_or(GONE)?;
        let link: SignInLink = read(&record)?;
        if record.envelope.state != "open"
            || link.token_sha256 != hash
            || link.expires <= self.around.now_ms()
        {
            return Err(GONE);
        }
        Ok((record, link))
    }

    fn account(&self, id: RecordId) -> Result<(RecordId, Account)> {
        let gone = || AppError::SignIn("the account is closed");
        let record = self
            .store
            .get(&self.system(), "account", id)?
            .ok_or_else(gone)?;
        let account: Account = read(&record)?;
        if account.active {
            Ok((id, account))
        } else {
            Err(gone())
        }
    }

    /// Ends the oldest sessions of an account so that a new one is within the limit.
    fn end_oldest(&self, account: RecordId) -> Result<()> {
        use symbolon_store::query::{Test, Value};
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("open".to_owned())));
        let mut open = self.store.list(&self.system(), "session", &query)?;
        open.sort_by_key(|r| r.body["expires"].as_i64());
        while open.len() >= MOST_SESSIONS {
            let record = open.remove(0);
            let session: Session = read(&record)?;
            self.put(
                "session",
                record.envelope.id,
                record.envelope.version,
                "ended",
                &session,
                ("session.replace", ""),
            )?;
        }
        Ok(())
    }

    fn put<B: serde::Serialize>(
        &self,
        kind: &str,
        id: RecordId,
        version: i64,
        state: &str,
        body: &B,
        (action, reason): (&str, &str),
    ) -> Result<()> {
        let mut envelope = envelope(kind, id, &id.to_string(), Label::internal("USA"));
        (envelope.version, envelope.state) = (version, state.to_owned());
        let body = serde_json::to_value(body).map_err(|e| AppError::Internal(e.to_string()))?;
        let change = Change {
            envelope,
            body,
            action: action.to_owned(),
            reason: reason.to_owned(),
            saw: vec![],
        };
        self.store.write(&self.system(), vec![change])?;
        Ok(())
    }
}

/// What a role usually has: staff work on every programme, a partner's officers on none until told.
fn usual(role: Role) -> Standing {
    let staff = Standing::of_staff();
    match role {
        Role::PartnerOfficer => Standing {
            programmes: Default::default(),
            ..staff
        },
        _ => staff,
    }
}

pub(crate) fn actor(id: RecordId, account: Account) -> Actor {
    Actor::Account {
        id,
        name: account.name,
        role: account.role,
        nation: account.nation,
        standing: account.standing.into(),
    }
}

fn read<T: serde::de::DeserializeOwned>(record: &Record) -> Result<T> {
    serde_json::from_value(record.body.clone()).map_err(|e| AppError::Internal(e.to_string()))
}
