//! Sessions: opaque tokens whose hashes are kept, an idle end, an absolute end, five a person; each
//! login and each proof begins a new one.

use crate::identity::{Draft, Read, events, events::Event, of_token};
use crate::{App, FRESH, Result};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{
    kinds::{Account, Session},
    language::Language,
    record::RecordId,
};
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

/// Use is written down so often, in milliseconds, that an idle end outlives a restart.
const WRITTEN: i64 = 5 * 60 * 1000;

/// Sessions looked up lately, and when each was last used.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<RecordId, Known>>);

struct Known {
    /// When the store was asked.
    looked: Instant,
    viewer: Actor,
    break_glass: bool,
    language: Option<Language>,
    /// By the clock, milliseconds.
    used: i64,
    expires: i64,
    proved: i64,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<RecordId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next request of everybody asks the store.
    pub(crate) fn forget(&self) {
        let old = Instant::now().checked_sub(FRESH);
        for known in self.lock().values_mut() {
            known.looked = old.unwrap_or(known.looked);
        }
    }
}

/// Somebody who just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The token for the cookie; never stored.
    pub token: String,
    /// Who.
    pub actor: Actor,
}

/// A session about to be opened.
pub(crate) struct Opening {
    pub(crate) account: Read<Account>,
    pub(crate) method: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) provider_session: String,
    /// Absolute end of the session it takes the place of.
    pub(crate) until: Option<i64>,
}

impl Opening {
    /// Of an account, in a way.
    pub(crate) fn of(account: Read<Account>, method: &str) -> Self {
        Self {
            account,
            method: method.to_owned(),
            issuer: String::new(),
            subject: String::new(),
            provider_session: String::new(),
            until: None,
        }
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// The record.
    pub id: RecordId,
    /// How they signed in.
    pub method: String,
    /// When it was opened, milliseconds since 1970-01-01 UTC.
    pub opened: i64,
    /// Last use written down, milliseconds since 1970-01-01 UTC.
    pub seen: i64,
    /// Absolute end, milliseconds since 1970-01-01 UTC.
    pub expires: i64,
}

fn open_of(account: RecordId) -> RecordQuery {
    RecordQuery::default()
        .when("account", Test::Is(Value::Text(account.to_string())))
        .when("state", Test::Is(Value::Text("open".to_owned())))
}

impl App {
    /// Opens a session; the oldest one ends where there are too many.
    pub(crate) fn open_session(&self, opening: &Opening) -> Result<SignedIn> {
        let token = hex::encode(self.around.random::<32>());
        let (id, token_sha256) = of_token("session", &token);
        let (now, account) = (self.around.now_ms(), &opening.account);
        let longest = i64::from(self.identity.settings.session_hours) * 3_600_000;
        let session = Session {
            account: account.id,
            token_sha256,
            expires: opening.until.unwrap_or(now + longest),
            opened: now,
            seen: now,
            method: opening.method.clone(),
            proved: now,
            issuer: opening.issuer.clone(),
            subject: opening.subject.clone(),
            provider_session: opening.provider_session.clone(),
        };
        let mut changes = self.too_many(account.id)?;
        changes.push(self.draft(&Draft {
            kind: "session",
            id,
            version: 0,
            state: "open",
            body: &session,
            action: "session.open",
            reason: &opening.method,
        })?);
        let actor = actor(account.id, &account.body);
        let viewer = self.as_viewer(actor.clone(), &id, "", (now, false));
        self.put_all(&viewer, changes)?;
        events::send(Event::SignedIn, &viewer, &opening.method);
        Ok(SignedIn { token, actor })
    }

    fn too_many(&self, account: RecordId) -> Result<Vec<Change>> {
        let mut open = self.find_all::<Session>("session", &open_of(account))?;
        open.sort_by_key(|s| s.body.opened);
        let most = self.identity.settings.sessions;
        let ending = (open.len() + 1).saturating_sub(most);
        open.iter()
            .take(ending)
            .map(|s| self.ended(s, "session.replace", ""))
            .collect()
    }

    /// The change that ends a session.
    fn ended(&self, session: &Read<Session>, action: &str, reason: &str) -> Result<Change> {
        self.draft(&Draft {
            kind: "session",
            id: session.id,
            version: session.version,
            state: "ended",
            body: &session.body,
            action,
            reason,
        })
    }

    /// The viewer behind a token that was looked up within the last second; for that no wait is needed.
    #[must_use]
    pub fn known_viewer(&self, token: &str, request: &str) -> Option<Viewer> {
        let (id, _) = of_token("session", token);
        let now = self.around.now_ms();
        let mut known = self.identity.sessions.lock();
        let k = known.get_mut(&id)?;
        if k.looked.elapsed() >= FRESH || now - k.used >= self.idle() || now >= k.expires {
            return None;
        }
        k.used = now;
        Some(self.as_viewer(k.viewer.clone(), &id, request, (k.proved, k.break_glass)))
    }

    /// The language that the account of a viewer chose, as far as it was looked up with the session.
    #[must_use]
    pub fn known_language(&self, viewer: &Viewer) -> Option<Language> {
        let session = viewer.session.parse().ok()?;
        self.identity.sessions.lock().get(&session)?.language
    }

    /// The viewer behind a session token; `None` where it does not hold (any more).
    pub fn viewer(&self, token: &str, request: &str) -> Result<Option<Viewer>> {
        if let Some(viewer) = self.known_viewer(token, request) {
            return Ok(Some(viewer));
        }
        let (id, hash) = of_token("session", token);
        let now = self.around.now_ms();
        let Some(session) = self.find::<Session>("session", id)? else {
            return Ok(None);
        };
        if session.state != "open" || session.body.token_sha256 != hash {
            return Ok(None);
        }
        let used = self.identity.sessions.lock().get(&id).map_or(0, |k| k.used);
        let last = used.max(session.body.seen);
        let over = if session.body.expires <= now {
            Some("session.expire")
        } else if now - last >= self.idle() {
            Some("session.idle")
        } else {
            None
        };
        let account = self.active_account(session.body.account)?;
        let (None, Some(account)) = (over, account) else {
            let action = over.unwrap_or("session.end");
            self.put_all(&self.system(), vec![self.ended(&session, action, "")?])?;
            self.identity.sessions.lock().remove(&id);
            return Ok(None);
        };
        self.write_use(&session, now)?;
        let actor = actor(account.id, &account.body);
        let break_glass = self.glass_of(account.id)?.is_some();
        let known = Known {
            looked: Instant::now(),
            viewer: actor.clone(),
            break_glass,
            language: account.body.language,
            used: now,
            expires: session.body.expires,
            proved: session.body.proved,
        };
        self.identity.sessions.lock().insert(id, known);
        Ok(Some(self.as_viewer(
            actor,
            &id,
            request,
            (session.body.proved, break_glass),
        )))
    }

    fn write_use(&self, session: &Read<Session>, now: i64) -> Result<()> {
        if now - session.body.seen < WRITTEN {
            return Ok(());
        }
        let body = Session {
            seen: now,
            ..session.body.clone()
        };
        let draft = Draft {
            kind: "session",
            id: session.id,
            version: session.version,
            state: "open",
            body: &body,
            action: "session.use",
            reason: "",
        };
        // Somebody else who wrote it down at the same moment has done the work.
        match self.put(&self.system(), &draft) {
            Err(crate::AppError::Store(symbolon_store::StoreError::Stale { .. })) => Ok(()),
            other => other,
        }
    }

    fn idle(&self) -> i64 {
        i64::from(self.identity.settings.idle_minutes) * 60_000
    }

    fn as_viewer(
        &self,
        actor: Actor,
        session: &RecordId,
        request: &str,
        (proved, break_glass): (i64, bool),
    ) -> Viewer {
        Viewer {
            actor,
            stepped_up: self.is_fresh(proved),
            session: session.to_string(),
            request: request.to_owned(),
            break_glass,
            ..self.public()
        }
    }

    /// Whether a factor shown at a moment still counts as fresh.
    pub(crate) fn is_fresh(&self, proved: i64) -> bool {
        let fresh = i64::from(self.identity.settings.fresh_minutes) * 60_000;
        self.around.now_ms() - proved < fresh
    }

    /// When the viewer's session last showed a factor, milliseconds; `None` without a session.
    pub(crate) fn proved(&self, viewer: &Viewer) -> Result<Option<i64>> {
        let Ok(id) = viewer.session.parse::<RecordId>() else {
            return Ok(None);
        };
        if let Some(known) = self.identity.sessions.lock().get(&id) {
            return Ok(Some(known.proved));
        }
        let session = self.find::<Session>("session", id)?;
        Ok(session.filter(|s| s.state == "open").map(|s| s.body.proved))
    }

    /// The open session of a viewer.
    pub(crate) fn session_of(&self, viewer: &Viewer) -> Result<Option<Read<Session>>> {
        let Ok(id) = viewer.session.parse::<RecordId>() else {
            return Ok(None);
        };
        Ok(self
            .find::<Session>("session", id)?
            .filter(|s| s.state == "open"))
    }

    /// Open sessions of an account, newest first.
    pub fn sessions_of(&self, account: RecordId) -> Result<Vec<SessionLine>> {
        let mut open = self.find_all::<Session>("session", &open_of(account))?;
        open.retain(|s| s.body.expires > self.around.now_ms());
        open.sort_by_key(|s| -s.body.opened);
        let line = |s: Read<Session>| SessionLine {
            id: s.id,
            method: s.body.method,
            opened: s.body.opened,
            seen: s.body.seen,
            expires: s.body.expires,
        };
        Ok(open.into_iter().map(line).collect())
    }

    /// Ends the session behind a token.
    pub fn sign_out(&self, token: &str) -> Result<()> {
        let (id, _) = of_token("session", token);
        self.end_where(&self.system(), "session.end", "", |s| s.id == id, Some(id))
    }

    /// Ends one of the viewer's own sessions.
    pub fn end_own_session(&self, viewer: &Viewer, session: RecordId) -> Result<()> {
        let own = viewer.account();
        let mine = |s: &Read<Session>| Some(s.body.account) == own;
        self.end_where(viewer, "session.end", "by its owner", mine, Some(session))
    }

    /// Ends sessions that an identity provider says are over.
    pub(crate) fn end_sessions_at(&self, issuer: &str, subject: &str, session: &str) -> Result<()> {
        let meant = |s: &Read<Session>| {
            s.body.issuer == issuer
                && (session.is_empty() || s.body.provider_session == session)
                && (subject.is_empty() || s.body.subject == subject)
        };
        self.end_where(
            &self.system(),
            "session.end",
            "by the identity provider",
            meant,
            None,
        )
    }

    fn end_where(
        &self,
        viewer: &Viewer,
        action: &str,
        reason: &str,
        meant: impl Fn(&Read<Session>) -> bool,
        only: Option<RecordId>,
    ) -> Result<()> {
        let query = match only {
            Some(id) => RecordQuery::default().when("id", Test::Is(Value::Text(id.to_string()))),
            None => RecordQuery::default(),
        };
        let open = query.when("state", Test::Is(Value::Text("open".to_owned())));
        let sessions = self.find_all::<Session>("session", &open)?;
        let ending: Vec<_> = sessions.iter().filter(|s| meant(s)).collect();
        for session in &ending {
            events::send(Event::SessionEnded, viewer, &session.id.to_string());
            self.identity.sessions.lock().remove(&session.id);
        }
        let changes: Result<Vec<_>> = ending
            .iter()
            .map(|s| self.ended(s, action, reason))
            .collect();
        let changes = changes?;
        if changes.is_empty() {
            return Ok(());
        }
        self.put_all(viewer, changes)
    }

    /// Changes that end every session of an account.
    pub(crate) fn end_all_of(&self, account: RecordId, reason: &str) -> Result<Vec<Change>> {
        let open = self.find_all::<Session>("session", &open_of(account))?;
        open.iter()
            .map(|s| self.ended(s, "session.end", reason))
            .collect()
    }

    /// The change that ends the session a new one takes the place of.
    pub(crate) fn session_renewed(&self, session: &Read<Session>) -> Result<Change> {
        self.ended(session, "session.renew", "")
    }

    /// A token bound to a session, for forms.
    #[must_use]
    pub fn form_token(&self, session_token: &str) -> String {
        use sha2::{Digest, Sha256};
        hex::encode(Sha256::digest(format!("form:{session_token}").as_bytes()))
    }
}

pub(crate) fn actor(id: RecordId, account: &Account) -> Actor {
    Actor::Account {
        id,
        name: account.name.clone(),
        role: account.role,
        nation: account.nation,
        standing: account.standing.clone().into(),
    }
}
