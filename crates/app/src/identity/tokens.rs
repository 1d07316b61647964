//! API tokens: `symbolon_` + 64 digits + 8 digits of checksum, so that scanners and typing errors
//! are told at once; kept as a hash; scoped; read-only unless said otherwise; at most 90 days; never more
//! than their owner.

use super::{Draft, Read, duties::Duty, events, events::Event, of_token};
use crate::{App, AppError, Result};
use sha2::{Digest, Sha256};
use symbolon_access::{Actor, Viewer};
use symbolon_domain::{kinds::ApiToken, record::RecordId};
use symbolon_store::{
    Change,
    query::{RecordQuery, Test, Value},
};

const PREFIX: &str = "symbolon_";
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Use is written down so often, in milliseconds.
const WRITTEN: i64 = 60 * 60 * 1000;

/// A token somebody wants.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Parts of the API, or `all`.
    pub scopes: Vec<String>,
    /// Whether it may change anything.
    pub writes: bool,
    /// Days it lasts.
    pub days: u32,
}

/// A token as its owner sees it.
#[derive(Clone, Debug)]
pub struct TokenLine {
    /// The record.
    pub id: RecordId,
    /// What it is for and what it may.
    pub token: ApiToken,
}

/// Who a token speaks for, and how far.
#[derive(Clone, Debug)]
pub struct TokenViewer {
    /// Its owner, as a viewer.
    pub viewer: Viewer,
    /// Parts of the API it reaches, or `all`.
    pub scopes: Vec<String>,
    /// Whether it may change anything.
    pub writes: bool,
}

impl TokenViewer {
    /// Whether it reaches a part of the API, to read or to change.
    #[must_use]
    pub fn reaches(&self, part: &str, change: bool) -> bool {
        (self.writes || !change) && self.scopes.iter().any(|s| s == part || s == "all")
    }
}

fn checksum(secret: &str) -> String {
    hex::encode(&Sha256::digest(format!("{PREFIX}{secret}"))[..4])
}

/// Whether a text has the form of a token of ours, checksum included.
#[must_use]
pub fn looks_right(token: &str) -> bool {
    token
        .strip_prefix(PREFIX)
        .and_then(|t| t.split_at_checked(64))
        .is_some_and(|(secret, sum)| checksum(secret) == sum)
}

impl App {
    /// Makes a token for the viewer; it is shown once.
    pub fn make_token(&self, viewer: &Viewer, new: &NewToken) -> Result<String> {
        let account = viewer
            .account()
            .ok_or(AppError::SignIn("nobody is signed in"))?;
        self.require_step_up(viewer)?;
        let name = new.name.trim();
        let most = self.identity.settings.token_days;
        if name.is_empty() || name.chars().count() > 80 {
            return Err(AppError::Invalid(
                "say in at most 80 characters what it is for".into(),
            ));
        }
        if new.days == 0 || new.days > most {
            return Err(AppError::Invalid(format!("a token lasts 1 to {most} days")));
        }
        if new.scopes.is_empty() {
            return Err(AppError::Invalid("choose what it reaches".into()));
        }
        self.put_token(viewer, account, new)
    }

    /// Makes a secret that reaches one thing outside the API, and reads only.
    pub(crate) fn make_secret(
        &self,
        viewer: &Viewer,
        name: &str,
        scope: &str,
        days: u32,
    ) -> Result<String> {
        let account = viewer
            .account()
            .ok_or(AppError::SignIn("nobody is signed in"))?;
        self.require_step_up(viewer)?;
        let new = NewToken {
            name: name.to_owned(),
            scopes: vec![scope.to_owned()],
            writes: false,
            days,
        };
        self.put_token(viewer, account, &new)
    }

    fn put_token(&self, viewer: &Viewer, account: RecordId, new: &NewToken) -> Result<String> {
        let secret = hex::encode(self.around.random::<32>());
        let token = format!("{PREFIX}{secret}{}", checksum(&secret));
        let (id, token_sha256) = of_token("api_token", &token);
        let body = ApiToken {
            account,
            name: new.name.trim().to_owned(),
            token_sha256,
            begins: token[..PREFIX.len() + 6].to_owned(),
            scopes: new.scopes.clone(),
            writes: new.writes,
            expires: self.around.now_ms() + i64::from(new.days) * DAY,
            seen: 0,
        };
        self.put(
            viewer,
            &Draft {
                kind: "api_token",
                id,
                version: 0,
                state: "open",
                body: &body,
                action: "api_token.make",
                reason: "",
            },
        )?;
        events::send(Event::TokenChanged, viewer, &id.to_string());
        Ok(token)
    }

    /// Who a token speaks for; `None` where it does not hold (any more), whatever the reason.
    pub fn token_viewer(&self, token: &str, request: &str) -> Result<Option<TokenViewer>> {
        if !looks_right(token) {
            return Ok(None);
        }
        let (id, hash) = of_token("api_token", token);
        let now = self.around.now_ms();
        let found = self.find::<ApiToken>("api_token", id)?;
        let holds = |t: &Read<ApiToken>| {
            t.state == "open" && t.body.token_sha256 == hash && t.body.expires > now
        };
        let Some(token) = found.filter(holds) else {
            return Ok(None);
        };
        let Some(account) = self.active_account(token.body.account)? else {
            return Ok(None);
        };
        self.note_use(&token, now)?;
        Ok(Some(TokenViewer {
            viewer: Viewer {
                actor: Actor::Account {
                    id: account.id,
                    name: account.body.name,
                    role: account.body.role,
                    nation: account.body.nation,
                    standing: account.body.standing.into(),
                },
                session: format!("token {id}"),
                request: request.to_owned(),
                ..self.public()
            },
            scopes: token.body.scopes,
            writes: token.body.writes,
        }))
    }

    fn note_use(&self, token: &Read<ApiToken>, now: i64) -> Result<()> {
        if now - token.body.seen < WRITTEN {
            return Ok(());
        }
        let body = ApiToken {
            seen: now,
            ..token.body.clone()
        };
        let draft = Draft {
            kind: "api_token",
            id: token.id,
            version: token.version,
            state: "open",
            body: &body,
            action: "api_token.use",
            reason: "",
        };
        match self.put(&self.system(), &draft) {
            Err(AppError::Store(symbolon_store::StoreError::Stale { .. })) => Ok(()),
            other => other,
        }
    }

    fn open_tokens(&self, account: RecordId) -> Result<Vec<Read<ApiToken>>> {
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("open".to_owned())));
        self.find_all("api_token", &query)
    }

    /// Tokens of an account that still hold.
    pub fn tokens_of(&self, account: RecordId) -> Result<Vec<TokenLine>> {
        let now = self.around.now_ms();
        let open = self.open_tokens(account)?.into_iter();
        Ok(open
            .filter(|t| t.body.expires > now)
            .map(|t| TokenLine {
                id: t.id,
                token: t.body,
            })
            .collect())
    }

    fn token_revoked(&self, token: &Read<ApiToken>, reason: &str) -> Result<Change> {
        self.draft(&Draft {
            kind: "api_token",
            id: token.id,
            version: token.version,
            state: "revoked",
            body: &token.body,
            action: "api_token.revoke",
            reason,
        })
    }

    pub(crate) fn revoke_tokens_of(&self, account: RecordId, reason: &str) -> Result<Vec<Change>> {
        self.open_tokens(account)?
            .iter()
            .map(|t| self.token_revoked(t, reason))
            .collect()
    }

    /// Revokes a token: one's own, or anybody's by those whose duty it is.
    pub fn revoke_token(&self, viewer: &Viewer, id: RecordId) -> Result<()> {
        let found = self.find::<ApiToken>("api_token", id)?;
        let own = |t: &Read<ApiToken>| Some(t.body.account) == viewer.account();
        let token = found
            .filter(|t| t.state == "open" && (own(t) || self.has_duty(viewer, Duty::Tokens)))
            .ok_or(AppError::NotFound("token"))?;
        events::send(Event::TokenChanged, viewer, &id.to_string());
        let change = self.token_revoked(&token, "")?;
        self.put_all(viewer, vec![change])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_42_a_token_is_known_by_its_form() {
        let secret = "a".repeat(64);
        let token = format!("{PREFIX}{secret}{}", checksum(&secret));
        assert!(looks_right(&token));
        assert!(!looks_right(&token.replace("aa", "ab")));
        for other in ["", PREFIX, "symbolon_ä", &secret] {
            assert!(!looks_right(other));
        }
    }
}
