//! Who sends a request: read from the cookie, checked at each request, handed to every use case.

use crate::{
    answer::{Refused, TagKey},
    site::Site,
    view,
};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{HeaderMap, Method, header, request::Parts};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use symbolon_access::{Action, Actor, Policy, Viewer};
use symbolon_app::AppError;

/// Somebody with a request.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) viewer: Viewer,
    /// The session token, if signed in.
    pub(crate) token: String,
    /// Token for forms; empty without a session.
    pub(crate) csrf: String,
    pub(crate) theme: view::Theme,
    /// Path and query.
    pub(crate) query: view::Query,
    /// Path and query as sent.
    pub(crate) address: String,
    /// Whether the answer shall be JSON.
    pub(crate) json: bool,
    /// `If-None-Match`.
    pub(crate) has: Option<String>,
    /// What the tag of the answer is made with.
    pub(crate) tags: TagKey,
}

/// Name of the session cookie.
pub(crate) fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-symbolon"
    } else {
        "symbolon"
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';'))
        .find_map(|c| c.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The address of the other end; a forwarded one only from a listed proxy.
fn address(parts: &Parts, site: &Site) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|c| c.0.ip());
    let peer = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    if !site.settings.proxies.contains(&peer) {
        return peer;
    }
    let forwarded = parts
        .headers
        .get("x-forwarded-for")
        .and_then(|v| v.to_str().ok());
    forwarded
        .and_then(|f| f.rsplit(',').next()?.trim().parse().ok())
        .unwrap_or(peer)
}

/// Pairs of a query string, decoded; the order is kept.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap_or_default()
}

impl FromRequestParts<Arc<Site>> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Refused> {
        let path = parts.uri.path().to_owned();
        let mut query = view::Query::new(&path);
        query.pairs = pairs(parts.uri.query().unwrap_or_default());
        query.pairs.retain(|(_, v)| !v.is_empty());
        let theme = match cookie(&parts.headers, "theme") {
            Some("light") => view::Theme::Light,
            Some("dark") => view::Theme::Dark,
            _ => view::Theme::System,
        };
        let request = hex::encode((site.app.around).random::<8>());
        let mut visitor = Self {
            viewer: Viewer {
                request: request.clone(),
                ..site.app.public()
            },
            token: String::new(),
            csrf: String::new(),
            theme,
            address: parts
                .uri
                .path_and_query()
                .map_or(path.clone(), ToString::to_string),
            json: path.starts_with("/api/") || path.starts_with("/journal/checkpoint"),
            has: parts
                .headers
                .get(header::IF_NONE_MATCH)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned),
            tags: site.tags,
            query,
        };
        if let Some(token) = cookie(&parts.headers, cookie_name(site.settings.secure)) {
            visitor.token = token.to_owned();
            visitor.find_session(site, request).await?;
        }
        visitor.limit(parts, site)?;
        visitor.same_site(parts)?;
        Ok(visitor)
    }
}

impl Visitor {
    async fn find_session(&mut self, site: &Arc<Site>, request: String) -> Result<(), Refused> {
        let found = match site.app.known_viewer(&self.token, &request) {
            Some(viewer) => Ok(Some(viewer)),
            None => {
                let token = self.token.clone();
                site.work(move |app| app.viewer(&token, &request)).await
            }
        };
        match found {
            Ok(Some(viewer)) => {
                self.viewer = viewer;
                self.csrf = site.app.form_token(&self.token);
                Ok(())
            }
            Ok(None) => {
                self.token.clear();
                Ok(())
            }
            Err(e) => Err(self.refuse(e)),
        }
    }

    fn limit(&self, parts: &Parts, site: &Site) -> Result<(), Refused> {
        let taken = match &self.viewer.actor {
            Actor::Account { id, .. } => site.rates.take(&id.to_string(), site.settings.user_rate),
            _ => site.rates.take(
                &address(parts, site).to_string(),
                site.settings.address_rate,
            ),
        };
        taken.map_err(|seconds| Refused::limited(self.clone(), seconds))
    }

    /// Unsafe methods come from our own pages only; the form token is checked with the form.
    fn same_site(&self, parts: &Parts) -> Result<(), Refused> {
        if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let text = |name: header::HeaderName| {
            parts
                .headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
        };
        let site = parts
            .headers
            .get("sec-fetch-site")
            .and_then(|v| v.to_str().ok());
        let host = text(header::HOST);
        let origin = text(header::ORIGIN);
        let own = match site {
            Some(site) => matches!(site, "same-origin" | "none"),
            None => !host.is_empty() && origin.split_once("://").is_some_and(|(_, o)| o == host),
        };
        if own {
            Ok(())
        } else {
            Err(Refused::forbidden(
                self.clone(),
                "the request did not come from a page of this site",
            ))
        }
    }

    /// Whether the form carries the token of this session.
    pub(crate) fn check_form(&self, csrf: &str) -> Result<(), Refused> {
        if self.csrf == csrf {
            Ok(())
        } else {
            Err(Refused::forbidden(
                self.clone(),
                "the form is of another session; open the page again",
            ))
        }
    }

    /// An error as the answer this visitor gets.
    pub(crate) fn refuse(&self, error: impl Into<AppError>) -> Refused {
        Refused::of(self.clone(), error.into())
    }

    /// Who is signed in, in words.
    pub(crate) fn who(&self) -> Option<view::Who> {
        let Actor::Account { name, nation, .. } = &self.viewer.actor else {
            return None;
        };
        Some(view::Who {
            name: name.clone(),
            role: self.viewer.policy_row().replace('_', " "),
            nation: nation.as_str().to_owned(),
            administers: Policy::shipped().grants(&self.viewer, Action::Read, "account"),
        })
    }

    /// The frame of a page.
    pub(crate) fn page(&self, title: &str, nav: view::Nav) -> view::Page {
        view::Page {
            title: title.to_owned(),
            nav,
            theme: self.theme,
            who: self.who(),
            csrf: self.csrf.clone(),
            path: self.address.clone(),
            marking: "UNCLASSIFIED - publicly released".to_owned(),
            generated_at: format!("{} UTC", self.viewer.today),
            ..view::Page::default()
        }
    }

    /// The question in the address, as a use case wants it. Empty parts are absent; the last of
    /// repeated ones counts; `also` names parts that belong to the page, not to the question.
    pub(crate) fn question<T: serde::de::DeserializeOwned>(
        &self,
        also: &[&str],
    ) -> Result<T, Refused> {
        let mut kept: Vec<(&str, &str)> = vec![];
        for (name, value) in &self.query.pairs {
            if also.contains(&name.as_str()) {
                continue;
            }
            kept.retain(|(n, _)| n != name);
            kept.push((name, value));
        }
        let text = serde_urlencoded::to_string(&kept).unwrap_or_default();
        serde_urlencoded::from_str(&text).map_err(|e| {
            self.refuse(AppError::Invalid(format!(
                "the address asks something unknown: {e}"
            )))
        })
    }
}
