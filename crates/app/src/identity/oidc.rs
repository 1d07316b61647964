//! Sign-in at an identity provider: OpenID Connect code flow with PKCE S256. What the browser brings
//! back is believed only together with what it was sent away with; what the provider says is believed only
//! under its signature. An account is found by (issuer, subject), never by an e-mail address.

mod claims;
mod discovery;
#[cfg(test)]
mod faults;
mod logout;
mod token;

pub use claims::{FirstSignIn, Mapping};

use super::{Read, base, events, events::Event};
use crate::sign_in::{Opening, SignedIn};
use crate::{App, AppError, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use symbolon_access::Viewer;
use symbolon_domain::kinds::Account;

/// Minutes for which a sign-in may be under way.
const PATIENCE: i64 = 10 * 60 * 1000;

/// An identity provider, as the operator writes it down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Name in addresses: small letters, digits, hyphens.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Issuer, exactly as the provider writes it.
    pub issuer: String,
    /// Our name at the provider.
    pub client_id: String,
    /// File of our secret at the provider; without one we are a public client, held by PKCE alone.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Scopes asked for besides `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Other hosts its endpoints may lie on; without, only the issuer's own.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// What becomes of somebody who signs in for the first time.
    #[serde(default)]
    pub first_sign_in: FirstSignIn,
    /// Nation of everybody who signs in there, unless a mapping says otherwise.
    #[serde(default)]
    pub nation: Option<symbolon_domain::country::Iso3>,
    /// Claims that give role or nation.
    #[serde(default)]
    pub map: Vec<Mapping>,
}

impl Provider {
    /// Whether it is written down as it must be.
    pub(crate) fn check(&self) -> std::result::Result<(), String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            return Err(format!(
                "provider `{}`: small letters, digits and hyphens",
                self.name
            ));
        }
        discovery::check_address(self, &self.issuer)
            .map_err(|e| format!("provider `{}`: issuer: {e}", self.name))
    }
}

/// A request to an identity provider, and what it answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Address; its host was checked against the provider's.
    pub url: String,
    /// Form fields of a POST; `None` for GET.
    pub form: Option<Vec<(String, String)>>,
    /// Name and secret for HTTP Basic.
    pub basic: Option<(String, String)>,
}

/// Requests that leave the program, handed in from outside: to the hosts of the provider only, without
/// following redirects, with limits of time and size.
pub trait Outward: Send + Sync {
    /// Status and body.
    ///
    /// # Errors
    /// What went wrong, in words for the log.
    fn ask(&self, asked: &Asked) -> std::result::Result<(u16, Vec<u8>), String>;
}

/// What is known of providers, by issuer.
#[derive(Default)]
pub(crate) struct Known(Mutex<HashMap<String, discovery::Found>>);

/// A sign-in about to leave for the provider.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// Where the browser goes.
    pub url: String,
    /// What the browser keeps meanwhile.
    pub ticket: String,
}

#[derive(Serialize, Deserialize)]
struct Ticket {
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    back: String,
}

/// What the provider sent the browser back with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Returned {
    /// The code.
    #[serde(default)]
    pub code: String,
    /// Our state.
    #[serde(default)]
    pub state: String,
    /// The issuer (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
    /// An error instead.
    #[serde(default)]
    pub error: String,
}

/// Somebody who came back signed in.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Session and person.
    pub signed: SignedIn,
    /// Where they wanted to go.
    pub back: String,
}

/// Why an answer of a provider is not believed: for the log; the person is told less.
pub(crate) type Fault = &'static str;

fn refused(viewer: &Viewer, provider: &str, fault: &str) -> AppError {
    tracing::warn!(provider, fault, "an identity provider's answer was refused");
    events::send(Event::SignInFailed, viewer, "oidc");
    AppError::SignIn("the identity provider's answer was not accepted; begin again")
}

impl App {
    /// The provider of a name.
    pub(crate) fn provider(&self, name: &str) -> Result<&Provider> {
        let found = self
            .identity
            .settings
            .provider
            .iter()
            .find(|p| p.name == name);
        found.ok_or(AppError::NotFound("page"))
    }

    /// Names and titles of the providers one can sign in at.
    #[must_use]
    pub fn providers(&self) -> Vec<(String, String)> {
        let all = self.identity.settings.provider.iter();
        all.map(|p| (p.name.clone(), p.title.clone())).collect()
    }

    fn redirect_uri(&self, provider: &Provider) -> String {
        format!(
            "{}/sign-in/oidc/{}/callback",
            self.identity.origin(),
            provider.name
        )
    }

    /// Begins a sign-in at a provider; writes nothing.
    pub fn begin_oidc(&self, viewer: &Viewer, name: &str, back: &str) -> Result<Leaving> {
        let provider = self.provider(name)?;
        let found = self
            .discovered(provider)
            .map_err(|e| refused(viewer, name, &e))?;
        let random = || super::base64url(&self.around.random::<32>());
        let ticket = Ticket {
            provider: provider.name.clone(),
            state: random(),
            nonce: random(),
            verifier: random(),
            back: back.to_owned(),
        };
        let challenge = super::base64url(&Sha256::digest(ticket.verifier.as_bytes()));
        let scope = [&["openid".to_owned()], provider.scopes.as_slice()]
            .concat()
            .join(" ");
        let redirect = self.redirect_uri(provider);
        let query: String = [
            ("response_type", "code"),
            ("client_id", &provider.client_id),
            ("redirect_uri", &redirect),
            ("scope", &scope),
            ("state", &ticket.state),
            ("nonce", &ticket.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]
        .iter()
        .map(|(k, v)| format!("{k}={}", percent(v)))
        .collect::<Vec<_>>()
        .join("&");
        let joint = if found.authorization.contains('?') {
            '&'
        } else {
            '?'
        };
        Ok(Leaving {
            url: format!("{}{joint}{query}", found.authorization),
            ticket: self.ticket("oidc", &ticket, PATIENCE)?,
        })
    }

    /// Finishes a sign-in with what the provider sent back and what the browser kept.
    pub fn finish_oidc(
        &self,
        viewer: &Viewer,
        name: &str,
        ticket: &str,
        returned: &Returned,
    ) -> Result<Arrived> {
        let provider = self.provider(name)?;
        let refuse = |fault: &str| refused(viewer, name, fault);
        let ticket = self.read_ticket::<Ticket>("oidc", ticket)?;
        let ticket = ticket.ok_or_else(|| refuse("no sign-in is under way in this browser"))?;
        let found = self.discovered(provider).map_err(|e| refuse(&e))?;
        check_return(provider, &found, &ticket, returned).map_err(refuse)?;
        // Once only, whatever the provider thinks of its code.
        if !self.use_once("oidc", &ticket.state, self.around.now_ms() + PATIENCE)? {
            return Err(refuse("the state was used before"));
        }
        let answer = self
            .exchange(provider, &found, &ticket, &returned.code)
            .map_err(|e| refuse(&e))?;
        let wanted = token::Wanted {
            issuer: &provider.issuer,
            client: &provider.client_id,
            now: self.around.now_ms().div_euclid(1000),
        };
        let claims = self
            .read_token(provider, &answer.id_token)
            .map_err(|e| refuse(&e))?;
        token::check_identity(&wanted, &claims, &ticket.nonce, &answer.access_token)
            .map_err(refuse)?;
        let account = self.account_for(viewer, provider, &claims)?;
        let text = |name: &str| claims.body[name].as_str().unwrap_or_default().to_owned();
        let signed = self.open_session(&Opening {
            issuer: provider.issuer.clone(),
            subject: text("sub"),
            provider_session: text("sid"),
            ..Opening::of(account, "oidc")
        })?;
        Ok(Arrived {
            signed,
            back: ticket.back,
        })
    }

    fn exchange(
        &self,
        provider: &Provider,
        found: &discovery::Found,
        ticket: &Ticket,
        code: &str,
    ) -> std::result::Result<Answer, String> {
        let secret = client_secret(provider)?;
        let mut form = vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".to_owned(), code.to_owned()),
            ("redirect_uri".to_owned(), self.redirect_uri(provider)),
            ("code_verifier".to_owned(), ticket.verifier.clone()),
        ];
        if secret.is_none() {
            form.push(("client_id".to_owned(), provider.client_id.clone()));
        }
        let asked = Asked {
            url: found.token.clone(),
            form: Some(form),
            basic: secret.map(|s| (percent(&provider.client_id), percent(&s))),
        };
        let body = self.ask_outward(&asked)?;
        let answer: Answer =
            serde_json::from_slice(&body).map_err(|e| format!("token answer: {e}"))?;
        if !answer.token_type.eq_ignore_ascii_case("bearer") {
            return Err("the access token is not a bearer token".to_owned());
        }
        Ok(answer)
    }

    pub(crate) fn ask_outward(&self, asked: &Asked) -> std::result::Result<Vec<u8>, String> {
        let outward = self
            .identity
            .outward
            .as_ref()
            .ok_or("no requests may leave this program")?;
        match outward.ask(asked)? {
            (200, body) => Ok(body),
            (status, _) => Err(format!("{} answered {status}", asked.url)),
        }
    }

    fn account_for(
        &self,
        viewer: &Viewer,
        provider: &Provider,
        claims: &token::Claims,
    ) -> Result<Read<Account>> {
        let subject = claims.body["sub"].as_str().unwrap_or_default();
        let mapped = provider
            .mapped(&claims.body)
            .map_err(|f| refused(viewer, &provider.name, f))?;
        match self.identity_at(&provider.issuer, subject)? {
            Some(identity) => {
                let closed = || AppError::SignIn("the account is closed");
                let account = self
                    .active_account(identity.body.account)?
                    .ok_or_else(closed)?;
                self.follow_claims(account, &mapped)
            }
            None => self.first_sign_in(viewer, provider, subject, claims, &mapped),
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    id_token: String,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    token_type: String,
}

fn client_secret(provider: &Provider) -> std::result::Result<Option<String>, String> {
    let Some(path) = &provider.client_secret_file else {
        return Ok(None);
    };
    let secret = std::fs::read_to_string(path).map_err(|e| format!("the client secret: {e}"))?;
    Ok(Some(secret.trim().to_owned()))
}

fn check_return(
    provider: &Provider,
    found: &discovery::Found,
    ticket: &Ticket,
    returned: &Returned,
) -> std::result::Result<(), Fault> {
    if ticket.provider != provider.name {
        return Err("the sign-in began at another provider");
    }
    if !super::password::same(ticket.state.as_bytes(), returned.state.as_bytes()) {
        return Err("state");
    }
    match &returned.iss {
        Some(iss) if *iss != provider.issuer => return Err("the answer names another issuer"),
        None if found.names_issuer => return Err("the answer does not name its issuer"),
        _ => {}
    }
    if !returned.error.is_empty() {
        return Err("the provider answered with an error");
    }
    if returned.code.is_empty() || returned.code.len() > 4096 {
        return Err("code");
    }
    Ok(())
}

/// A value as part of an address or of a Basic credential (RFC 6749 appendix B, with %20 for a blank).
fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

/// Bytes of base64url.
fn bytes(text: &str) -> Option<Vec<u8>> {
    base::decode(text)
}
