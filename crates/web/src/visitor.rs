//! Who sends a request: read from the cookie, checked at each request, handed to every use case.

use crate::rate::{Costly, Place, Rate};
use crate::{
    answer::{Refused, TagKey},
    site::Site,
    view::{
        self,
        language::{Language, turn},
    },
};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{HeaderMap, Method, header, request::Parts};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use symbolon_access::{Action, Actor, Policy, Viewer};
use symbolon_app::{App, AppError};
use symbolon_domain::kinds::Role;
use symbolon_exchange::limits::Limits;

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
    /// Break-glass uses that wait for this officer's review, and how many of them too long.
    pub(crate) waiting: (usize, usize),
    /// Cookies as sent.
    cookies: HeaderMap,
    /// The API token that speaks, for which no other site's page can speak by accident; empty for none.
    bearer: String,
    /// The place of this request among those of its user.
    place: Option<Arc<Place>>,
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

/// The language chosen at the foot of a page, which a cookie keeps.
fn chosen_language(headers: &HeaderMap) -> Option<Language> {
    cookie(headers, "language").and_then(Language::of_code)
}

/// The language chosen; else what the browser asks for, until it is known who asks.
pub(crate) fn asked_language(headers: &HeaderMap) -> Language {
    chosen_language(headers).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|v| v.to_str().ok());
        Language::accepted(accepted.unwrap_or_default())
    })
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
            waiting: (0, 0),
            cookies: parts.headers.clone(),
            bearer: String::new(),
            place: None,
        };
        if let Some(token) = bearer(parts) {
            visitor
                .find_token(site, parts, token.to_owned(), request)
                .await?;
        } else if let Some(token) = cookie(&parts.headers, cookie_name(site.settings.secure)) {
            visitor.token = token.to_owned();
            visitor.find_session(site, request).await?;
        }
        visitor.limit(parts, site)?;
        visitor.enter(site)?;
        visitor.terms(parts)?;
        visitor.same_site(parts)?;
        if visitor.viewer.role() == Some(Role::SecurityOfficer) {
            let viewer = visitor.viewer.clone();
            let waiting = site.work(move |app| app.glass_waiting(&viewer)).await;
            visitor.waiting = waiting.map_err(|e| visitor.refuse(e))?;
        }
        Ok(visitor)
    }
}

/// Whether a request may change something: by its method, unless its path only asks.
fn changes(parts: &Parts) -> bool {
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    !safe && !crate::api::only_asks(parts.uri.path())
}

/// What a change or a costly question is counted as.
fn cost(parts: &Parts, costly: &Costly) -> Option<(&'static str, Rate)> {
    let path = parts.uri.path();
    let post = changes(parts);
    if post && path.ends_with("/import") {
        Some(("import", costly.import))
    } else if post {
        Some(("write", costly.write))
    } else if path.contains("/export")
        || [".csv", ".xlsx", ".pdf"].iter().any(|e| path.ends_with(e))
    {
        Some(("export", costly.export))
    } else if path == "/search" || path == "/api/v1/search" {
        Some(("search", costly.search))
    } else {
        None
    }
}

/// Whether a request guesses at a password, a factor or a link.
fn guesses(parts: &Parts) -> bool {
    let guessed = ["/sign-in/password", "/sign-in/factor", "/step-up"];
    // A calendar program looks a few times a day; more from one address is somebody trying secrets.
    let secret = parts.method != Method::POST && parts.uri.path().starts_with("/my-work/calendar/");
    secret || (parts.method == Method::POST && guessed.contains(&parts.uri.path()))
}

/// The token of `Authorization: Bearer`.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

impl Visitor {
    /// A cookie as sent; empty where there is none.
    pub(crate) fn cookie(&self, name: &str) -> String {
        cookie(&self.cookies, name).unwrap_or_default().to_owned()
    }

    /// Whom an API token speaks for: on the API only, within its scope.
    async fn find_token(
        &mut self,
        site: &Arc<Site>,
        parts: &Parts,
        token: String,
        request: String,
    ) -> Result<(), Refused> {
        let found = site
            .work({
                let token = token.clone();
                move |app| app.token_viewer(&token, &request)
            })
            .await;
        let found = found.map_err(|e| self.refuse(e))?;
        let part = crate::api::scope_of(parts.uri.path());
        let (Some(found), Some(part)) = (found, part) else {
            // Guesses at tokens count like guesses from an address.
            let key = format!("guess {}", address(parts, site));
            let now = site.app.around.now_ms();
            let taken = site.rates.take(&key, site.settings.costly.guess, now);
            taken.map_err(|seconds| Refused::limited(self.clone(), seconds))?;
            return Err(self.refuse(AppError::SignIn("the token does not hold here")));
        };
        let change = changes(parts);
        if !found.reaches(&part, change) {
            return Err(Refused::forbidden(
                self.clone(),
                "the token does not reach this part",
            ));
        }
        self.viewer = found.viewer;
        self.bearer = token;
        Ok(())
    }

    /// Who this is now: nobody once the session, the token or the account behind it is gone.
    pub(crate) fn again(&self, app: &App) -> Option<Viewer> {
        let request = &self.viewer.request;
        if !self.bearer.is_empty() {
            let found = app.token_viewer(&self.bearer, request).ok().flatten();
            return found.map(|f| f.viewer);
        }
        if self.token.is_empty() {
            return Some(self.viewer.clone());
        }
        app.viewer(&self.token, request).ok().flatten()
    }

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
                let own = site.app.known_language(&self.viewer);
                if let (None, Some(own)) = (chosen_language(&self.cookies), own) {
                    turn(own);
                }
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
        let now = site.app.around.now_ms();
        let whole = |(rate, burst): (u32, u32)| Rate::new(rate.into(), 1.0, burst.into());
        let take = |key: &str, rate: Rate| {
            let taken = site.rates.take(key, rate, now);
            taken.map_err(|seconds| Refused::limited(self.clone(), seconds))
        };
        let (who, rate) = match &self.viewer.actor {
            Actor::Account { id, .. } => (id.to_string(), whole(site.settings.user_rate)),
            _ => (
                address(parts, site).to_string(),
                whole(site.settings.address_rate),
            ),
        };
        take(&who, rate)?;
        if guesses(parts) {
            take(
                &format!("guess {}", address(parts, site)),
                site.settings.costly.guess,
            )?;
        }
        match cost(parts, &site.settings.costly) {
            Some((what, rate)) => take(&format!("{what} {who}"), rate),
            None => Ok(()),
        }
    }

    /// Takes a place among the requests of a user that are under way.
    fn enter(&mut self, site: &Site) -> Result<(), Refused> {
        let Actor::Account { id, .. } = &self.viewer.actor else {
            return Ok(());
        };
        match site.under_way.enter(&id.to_string(), site.settings.at_once) {
            Some(place) => {
                self.place = Some(Arc::new(place));
                Ok(())
            }
            None => Err(Refused::limited(self.clone(), 1)),
        }
    }

    /// Refuses a filter of more terms than are read; answers that an address fills in are no filter.
    fn terms(&self, parts: &Parts) -> Result<(), Refused> {
        if parts.uri.path().ends_with("/new") {
            return Ok(());
        }
        let pairs = self.query.pairs.len();
        let words = self.query.get("q").split_whitespace().count();
        let most = Limits::shipped().filter_terms;
        if (pairs + words.saturating_sub(1)) as u64 > most {
            let words = format!("a filter has at most {most} terms, words among them");
            return Err(self.refuse(AppError::Invalid(words)));
        }
        Ok(())
    }

    /// Unsafe methods come from our own pages only; the form token is checked with the form.
    fn same_site(&self, parts: &Parts) -> Result<(), Refused> {
        if !self.bearer.is_empty() || !changes(parts) {
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
            administers: Policy::shipped().grants(&self.viewer, Action::Read, "account")
                || self.viewer.role() == Some(Role::PartnerAdministrator),
            vets: Policy::shipped().grants(&self.viewer, Action::Read, "vetting_request"),
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
            alarms: self.alarms(),
            ..view::Page::default()
        }
    }

    /// What must not be overlooked.
    fn alarms(&self) -> Vec<view::Link> {
        let mut alarms = vec![];
        if self.viewer.break_glass {
            let text = "You look beyond your role. Every look is journalled and reviewed.";
            alarms.push(view::Link::new(text, "/account#glass-h"));
        }
        if self.waiting.0 > 0 {
            let (waiting, overdue) = self.waiting;
            let text = format!("Break-glass uses to be reviewed: {waiting}, overdue: {overdue}.");
            alarms.push(view::Link::new(text, "/admin/break-glass"));
        }
        alarms
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
