//! Back-channel logout: the provider says that a session, or everything of a subject, is over.

use super::{Fault, token};
use crate::{App, AppError, Result};
use serde_json::Value;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// A token id is remembered so long, in milliseconds; its token is too old before.
const REMEMBERED: i64 = 60 * 60 * 1000;

fn check(claims: &token::Claims) -> std::result::Result<(), Fault> {
    if claims
        .typ
        .as_deref()
        .is_some_and(|t| !t.eq_ignore_ascii_case("logout+jwt") && !t.eq_ignore_ascii_case("JWT"))
    {
        return Err("typ");
    }
    let body = &claims.body;
    if !body["events"].get(EVENT).is_some_and(Value::is_object) {
        return Err("events");
    }
    if body.get("nonce").is_some() {
        return Err("nonce");
    }
    let named = |claim: &str| body[claim].as_str().is_some_and(|t| !t.is_empty());
    if !named("sub") && !named("sid") {
        return Err("neither sub nor sid");
    }
    if !named("jti") {
        return Err("jti");
    }
    Ok(())
}

impl App {
    /// Ends the sessions a logout token names.
    pub fn provider_logout(&self, name: &str, logout_token: &str) -> Result<()> {
        let provider = self.provider(name)?;
        let refuse = |fault: &str| {
            tracing::warn!(provider = name, fault, "a logout token was refused");
            AppError::Invalid("the logout token was not accepted".to_owned())
        };
        let claims = self
            .read_token(provider, logout_token)
            .map_err(|e| refuse(&e))?;
        let wanted = token::Wanted {
            issuer: &provider.issuer,
            client: &provider.client_id,
            now: self.around.now_ms().div_euclid(1000),
        };
        token::check_common(&wanted, &claims.body).map_err(refuse)?;
        check(&claims).map_err(refuse)?;
        let text = |claim: &str| claims.body[claim].as_str().unwrap_or_default();
        let once = format!("{}\n{}", provider.issuer, text("jti"));
        if !self.use_once("logout", &once, self.around.now_ms() + REMEMBERED)? {
            return Err(refuse("the token was used before"));
        }
        self.end_sessions_at(&provider.issuer, text("sub"), text("sid"))
    }
}
