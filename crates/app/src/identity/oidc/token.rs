//! Tokens of providers: JSON Web Tokens, signed with RS256, ES256 or EdDSA. The algorithm is the one of
//! the key the provider published; the token's header may only agree.

use super::super::signature::{Algorithm, Form};
use super::discovery::Found;
use super::{Fault, Provider, bytes};
use crate::App;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Seconds by which clocks may differ.
const SKEW: i64 = 60;
/// Seconds after which a token is too old to sign anybody in.
const OLD: i64 = 10 * 60;
/// Bytes of a token.
const LONGEST: usize = 32 * 1024;

/// A token whose signature held.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) typ: Option<String>,
    pub(crate) body: Value,
}

/// Against what claims are checked.
pub(crate) struct Wanted<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client: &'a str,
    /// Seconds since 1970-01-01 UTC.
    pub(crate) now: i64,
}

impl App {
    /// Reads a token if its signature is the provider's; asks for newer keys where its key is not known.
    pub(super) fn read_token(&self, provider: &Provider, token: &str) -> Result<Claims, String> {
        let found = self.discovered(provider)?;
        match read(&found, token) {
            Err("no key of the provider fits") => {
                read(&self.newer_keys(provider)?, token).map_err(str::to_owned)
            }
            other => other.map_err(str::to_owned),
        }
    }
}

fn read(found: &Found, token: &str) -> Result<Claims, Fault> {
    if token.len() > LONGEST {
        return Err("the token is too long");
    }
    let (signed, signature) = token.rsplit_once('.').ok_or("no token")?;
    let (header, body) = signed.split_once('.').ok_or("no token")?;
    let json = |part: &str| -> Option<Value> { serde_json::from_slice(&bytes(part)?).ok() };
    let header = json(header).ok_or("header")?;
    let named = header["alg"].as_str().and_then(Algorithm::named);
    let algorithm = named.ok_or("the algorithm is not on the list")?;
    if header.get("crit").is_some() {
        return Err("the token asks for extensions");
    }
    let signature = bytes(signature).ok_or("signature")?;
    let id = header["kid"].as_str();
    let mut fitting = found
        .keys
        .iter()
        .filter(|k| k.key.algorithm() == algorithm && (id.is_none() || k.id.as_deref() == id));
    // Without a name in the header, one key only may be meant.
    let key = match (fitting.next(), fitting.next(), id) {
        (Some(key), None, _) | (Some(key), _, Some(_)) => key,
        _ => return Err("no key of the provider fits"),
    };
    if !key.key.verifies(signed.as_bytes(), &signature, Form::Fixed) {
        return Err("signature");
    }
    Ok(Claims {
        typ: header["typ"].as_str().map(str::to_owned),
        body: json(body).filter(Value::is_object).ok_or("claims")?,
    })
}

/// Issuer, audience and times: what every token of a provider must say.
pub(crate) fn check_common(wanted: &Wanted<'_>, claims: &Value) -> Result<(), Fault> {
    if claims["iss"].as_str() != Some(wanted.issuer) {
        return Err("iss");
    }
    let meant = match &claims["aud"] {
        Value::String(one) => one == wanted.client,
        Value::Array(several) => {
            let ours = several.iter().any(|a| a.as_str() == Some(wanted.client));
            ours && (several.len() == 1 || claims["azp"].as_str() == Some(wanted.client))
        }
        _ => false,
    };
    if !meant {
        return Err("aud");
    }
    if claims.get("azp").is_some() && claims["azp"].as_str() != Some(wanted.client) {
        return Err("azp");
    }
    let number = |name: &str| {
        claims[name]
            .as_i64()
            .or_else(|| claims[name].as_f64().map(|n| n as i64))
    };
    if number("exp").is_none_or(|exp| exp + SKEW <= wanted.now) {
        return Err("exp");
    }
    if claims.get("nbf").is_some() && number("nbf").is_none_or(|nbf| nbf - SKEW > wanted.now) {
        return Err("nbf");
    }
    match number("iat") {
        Some(iat) if iat - SKEW <= wanted.now && iat + OLD + SKEW > wanted.now => Ok(()),
        _ => Err("iat"),
    }
}

/// What an identity token must say besides.
pub(crate) fn check_identity(
    wanted: &Wanted<'_>,
    claims: &Claims,
    nonce: &str,
    access_token: &str,
) -> Result<(), Fault> {
    if claims
        .typ
        .as_deref()
        .is_some_and(|t| !t.eq_ignore_ascii_case("JWT"))
    {
        return Err("typ");
    }
    check_common(wanted, &claims.body)?;
    if claims.body["nonce"].as_str() != Some(nonce) {
        return Err("nonce");
    }
    if claims.body["sub"]
        .as_str()
        .is_none_or(|s| s.is_empty() || s.len() > 255)
    {
        return Err("sub");
    }
    // A logout token signs nobody in.
    if claims.body.get("events").is_some() {
        return Err("events");
    }
    if let Some(hash) = claims.body.get("at_hash") {
        let digest = Sha256::digest(access_token.as_bytes());
        if hash.as_str() != Some(&super::super::base64url(&digest[..16])) {
            return Err("at_hash");
        }
    }
    Ok(())
}
