//! What a provider says of itself: endpoints and keys. Asked at first use and again each hour; keys also when a
//! token names one that is not known, once a minute at most.

use super::super::signature::PublicKey;
use super::{Asked, Provider, bytes};
use crate::App;
use serde::Deserialize;
use serde_json::Value;
use std::sync::PoisonError;

/// Milliseconds for which an answer is believed.
const KEPT: i64 = 60 * 60 * 1000;
/// Milliseconds between two questions for keys.
const PATIENCE: i64 = 60 * 1000;

/// A provider as discovered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) authorization: String,
    pub(crate) token: String,
    /// Whether its answers name the issuer (RFC 9207).
    pub(crate) names_issuer: bool,
    keys_at: String,
    pub(crate) keys: Vec<Jwk>,
    asked: i64,
}

/// A key with the name tokens know it by.
#[derive(Clone, Debug)]
pub(crate) struct Jwk {
    pub(crate) id: Option<String>,
    pub(crate) key: PublicKey,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Whether an address is one we may ask: https, on a host of the provider. Plain HTTP is for a provider
/// on this machine only.
pub(crate) fn check_address(provider: &Provider, url: &str) -> Result<(), String> {
    let (scheme, rest) = url.split_once("://").ok_or("no address")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') || host.is_empty() || url.contains(['\\', ' ']) || url.contains("..") {
        return Err(format!("`{url}` is no plain address"));
    }
    let own = provider.issuer.split_once("://").map_or("", |(_, r)| r);
    let own = own.split(['/', '?', '#']).next().unwrap_or_default();
    if host != own && !provider.hosts.iter().any(|h| h == host) {
        return Err(format!("`{host}` is no host of the provider"));
    }
    let name = host.rsplit_once(':').map_or(host, |(n, _)| n);
    let local = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    match scheme {
        "https" => Ok(()),
        "http" if local => Ok(()),
        _ => Err(format!("`{url}` is not https")),
    }
}

impl App {
    /// The provider's endpoints and keys.
    pub(super) fn discovered(&self, provider: &Provider) -> Result<Found, String> {
        let now = self.around.now_ms();
        let known = self.known_provider(&provider.issuer);
        if let Some(found) = known.filter(|f| now - f.asked < KEPT) {
            return Ok(found);
        }
        let url = format!(
            "{}/.well-known/openid-configuration",
            provider.issuer.trim_end_matches('/')
        );
        let body = self.ask_outward(&Asked {
            url,
            form: None,
            basic: None,
        })?;
        let document: Document =
            serde_json::from_slice(&body).map_err(|e| format!("discovery: {e}"))?;
        if document.issuer != provider.issuer {
            return Err("the discovery document names another issuer".to_owned());
        }
        for url in [
            &document.authorization_endpoint,
            &document.token_endpoint,
            &document.jwks_uri,
        ] {
            check_address(provider, url)?;
        }
        let keys = self.ask_keys(&document.jwks_uri)?;
        let found = Found {
            authorization: document.authorization_endpoint,
            token: document.token_endpoint,
            names_issuer: document.authorization_response_iss_parameter_supported,
            keys_at: document.jwks_uri,
            keys,
            asked: now,
        };
        self.remember_provider(&provider.issuer, found.clone());
        Ok(found)
    }

    /// The provider's keys, asked anew.
    pub(super) fn newer_keys(&self, provider: &Provider) -> Result<Found, String> {
        let now = self.around.now_ms();
        let mut found = self.discovered(provider)?;
        if now - found.asked >= PATIENCE {
            found.keys = self.ask_keys(&found.keys_at)?;
            found.asked = now;
            self.remember_provider(&provider.issuer, found.clone());
        }
        Ok(found)
    }

    fn ask_keys(&self, url: &str) -> Result<Vec<Jwk>, String> {
        let body = self.ask_outward(&Asked {
            url: url.to_owned(),
            form: None,
            basic: None,
        })?;
        let set: Value = serde_json::from_slice(&body).map_err(|e| format!("keys: {e}"))?;
        let keys = set["keys"].as_array().ok_or("keys: no list")?;
        Ok(keys.iter().take(100).filter_map(jwk).collect())
    }

    fn known_provider(&self, issuer: &str) -> Option<Found> {
        let known = self
            .identity
            .providers
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.get(issuer).cloned()
    }

    fn remember_provider(&self, issuer: &str, found: Found) {
        let mut known = self
            .identity
            .providers
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(issuer.to_owned(), found);
    }
}

/// A key we can use: a public one of a kind we take, meant for signatures. Symmetric keys are none.
fn jwk(value: &Value) -> Option<Jwk> {
    let text = |name: &str| value[name].as_str();
    let blob = |name: &str| bytes(text(name)?);
    if text("use").is_some_and(|u| u != "sig") {
        return None;
    }
    let key = match (text("kty")?, text("crv")) {
        ("RSA", None) => PublicKey::rsa(&blob("n")?, &blob("e")?)?,
        ("EC", Some("P-256")) => PublicKey::p256(&blob("x")?, &blob("y")?)?,
        ("OKP", Some("Ed25519")) => PublicKey::Ed25519(blob("x")?),
        _ => return None,
    };
    if let Some(named) = text("alg") {
        let fits = super::super::signature::Algorithm::named(named) == Some(key.algorithm());
        if !fits {
            return None;
        }
    }
    Some(Jwk {
        id: text("kid").map(str::to_owned),
        key,
    })
}
