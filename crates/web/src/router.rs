//! Every route, and what stands in front of all of them: limits, compression, security headers.

use crate::answer::Refused;
use crate::api::Endpoint;
use crate::pages::{
    account, activity, admin, allegations, check, countries, country, datasets, documents,
    findings, journal, law, portfolio, records, reference, schedule, search, sign_in, statics,
    step_up, thread, training, units, vetting, work,
};
use crate::site::Site;
use crate::view::language::{current, speaking};
use crate::view::problem;
use crate::visitor::{Visitor, asked_language};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::Uri};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use symbolon_exchange::limits::Limits;
use tower::{Service, ServiceBuilder};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// Page routes: path, and who it is for; the API adds its own.
pub(crate) fn router(site: Arc<Site>) -> Router {
    let mut router = Router::new()
        .route("/", get(portfolio::show))
        .route("/training", get(training::show))
        .route("/training/{dataset}/{row}", get(activity::show))
        .route(
            "/training/{dataset}/{row}/proof.json",
            get(activity::proof_file),
        )
        .route("/training/{file}", get(training::export))
        .route("/countries", get(countries::list))
        .route("/countries/{iso3}", get(country::show))
        .route("/datasets", get(datasets::list))
        .route("/datasets/{code}", get(datasets::show))
        .route("/findings/{code}", get(findings::show))
        .route("/journal", get(journal::list))
        .route("/journal/verify", post(journal::verify))
        .route("/journal/checkpoint", get(journal::checkpoint_note))
        .route("/journal/consistency", get(journal::consistency))
        .route(
            "/journal/entries/{seq}/proof",
            get(journal::entry_proof_file),
        )
        .route("/journal/{seq}", get(journal::entry))
        .route("/journal/{seq}/proof.json", get(journal::entry_proof))
        .route("/records", get(records::index))
        .route("/records/{kind}", get(records::list))
        .route(
            "/records/{kind}/new",
            get(records::new_form).post(records::make),
        )
        .route("/records/{kind}/several", post(records::set_many))
        .route("/records/{kind}/export.csv", get(records::csv))
        .route("/records/{kind}/export.xlsx", get(records::xlsx))
        .route("/records/{kind}/export.json", get(records::json))
        .route("/records/{kind}/export.ndjson", get(records::ndjson))
        .merge(imports())
        .merge(vetted())
        .route("/records/{kind}/{id}", get(records::show))
        .route(
            "/records/{kind}/{id}/edit",
            get(records::edit_form).post(records::edit),
        )
        .route(
            "/records/{kind}/{id}/delete",
            get(records::delete_form).post(records::delete),
        )
        .route(
            "/records/{kind}/{id}/restore",
            get(records::restore_form).post(records::restore),
        )
        .route(
            "/records/{kind}/{id}/move/{move}",
            get(records::move_form).post(records::make_move),
        )
        .route(
            "/records/{kind}/{id}/reverse/{entry}",
            get(records::reverse_form).post(records::reverse),
        )
        .route(
            "/records/{kind}/{id}/label",
            get(records::label).post(records::set_label),
        )
        .route("/records/{kind}/{id}/undo", post(records::undo))
        .route("/records/{kind}/{id}/history", get(records::history))
        .route("/thread/initiative/{id}/authority", get(thread::authority))
        .route("/thread/{kind}/{id}", get(thread::show))
        .route("/thread/{kind}/{id}/why", get(thread::why))
        .route("/thread/{kind}/{id}/schedule", get(schedule::show))
        .route("/documents/{kind}/{id}/{file}", get(documents::show))
        .route("/my-work", get(work::mine))
        .route("/my-work/calendar", post(work::calendar::make))
        .route("/my-work/calendar/revoke", post(work::calendar::revoke))
        .route("/my-work/calendar/{file}", get(work::calendar::feed))
        .route("/lateness", get(work::lateness))
        .route("/check", get(check::show))
        .route("/check/save", post(check::save))
        .route("/check/again/{id}", get(check::again))
        .route("/law", get(law::index))
        .route("/law/coverage", get(law::coverage))
        .route("/law/replay", get(law::replay))
        .route("/law/replay.csv", get(law::export))
        .route("/law/notices", get(law::notices))
        .route("/law/lists/{list}", get(law::list))
        .route("/law/{rule}", get(law::rule))
        .route("/search", get(search::show))
        .route("/help", get(reference::help))
        .route("/accessibility", get(reference::accessibility))
        .route("/licence", get(reference::licence))
        .route("/problems/{slug}", get(reference::problem_type))
        .route("/api", get(reference::api))
        .route("/api/v1/openapi.json", get(reference::openapi))
        .route("/static/{name}", get(statics::file))
        .route("/healthz", get(statics::healthy))
        .route("/readyz", get(statics::ready));
    router = router.merge(identity());
    let (mut api, mut streaming, mut files) = (Router::new(), Router::new(), Router::new());
    for Endpoint { path, handler, .. } in crate::api::endpoints() {
        match path {
            crate::api::intake::PATH => files = files.route(path, handler),
            _ if crate::api::is_stream(path) => streaming = streaming.route(path, handler),
            _ => api = api.route(path, handler),
        }
    }
    let limits = Limits::shipped();
    let routes = router
        .layer(bodies(limits.form_body))
        .merge(api.layer(bodies(limits.json_body)))
        .merge(streaming)
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(within(limits.request_seconds))
        .merge(uploads(files))
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&site));
    Router::new().fallback_service(around(routes, site))
}

/// What stands in front of everything. It stands around the router as a whole: a layer of the router would be
/// boxed for each route and copied, with all it holds, for each request.
fn around(
    routes: Router,
    site: Arc<Site>,
) -> impl Service<
    Request,
    Error = Infallible,
    Response = impl IntoResponse,
    Future = impl Future + Send + 'static,
> + Clone
+ Send
+ Sync
+ 'static {
    let panicked = |_: Box<dyn std::any::Any + Send>| {
        tracing::error!("a handler panicked");
        Refused::bare(&problem::INTERNAL, "something failed on our side").into_response()
    };
    ServiceBuilder::new()
        .layer(from_fn_with_state(site, secured))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(spoken))
        .layer(from_fn(told))
        .layer(from_fn(short))
        .service(routes)
}

/// Units in time, and the vetting desk.
fn vetted() -> Router<Arc<Site>> {
    Router::new()
        .route("/units/{id}", get(units::show))
        .route("/units/{id}/unit.csv", get(units::csv))
        .route(
            "/units/{id}/same",
            get(units::same::ask).post(units::same::send),
        )
        .route("/units/merges", get(units::merges::list))
        .route("/units/merges/{id}", get(units::merges::show))
        .route("/units/merges/{id}/{act}", post(units::merges::act))
        .route(
            "/allegations/new",
            get(allegations::new).post(allegations::bring),
        )
        .route(
            "/allegations/status",
            get(allegations::ask).post(allegations::status),
        )
        .route("/allegations", get(allegations::list))
        .route("/allegations/open", post(allegations::open))
        .route("/allegations/judge", post(allegations::judge))
        .route("/vetting/barred", get(vetting::barred::show))
        .route("/vetting/barred.csv", get(vetting::barred::csv))
        .route(
            "/vetting/links",
            get(vetting::links::show).post(vetting::links::send),
        )
        .route("/vetting/links/spellings", get(vetting::links::spelled))
        .route("/vetting/retrospective", get(vetting::retrospective::show))
        .route(
            "/vetting/retrospective.csv",
            get(vetting::retrospective::csv),
        )
        .route("/vetting", get(vetting::queue))
        .route("/vetting/requests/{id}", get(vetting::show))
        .route("/vetting/requests/{id}/open", post(vetting::act::open))
        .route("/vetting/requests/{id}/close", post(vetting::act::close))
        .route(
            "/vetting/requests/{id}/nominate",
            post(vetting::act::nominate),
        )
        .route("/vetting/requests/{id}/{candidate}", get(vetting::bench))
        .route(
            "/vetting/requests/{id}/{candidate}/{act}",
            post(vetting::act::act),
        )
}

/// The steps of an import after the upload.
fn imports() -> Router<Arc<Site>> {
    use records::intake;
    Router::new()
        .route("/records/{kind}/import", get(intake::begin))
        .route("/records/{kind}/import/{upload}", get(intake::map))
        .route("/records/{kind}/import/{upload}/sheet", post(intake::sheet))
        .route(
            "/records/{kind}/import/{upload}/mapping",
            post(intake::saved),
        )
        .route("/records/{kind}/import/{upload}/check", post(intake::check))
        .route("/records/{kind}/import/{upload}/plan", get(intake::plan))
        .route(
            "/records/{kind}/import/{upload}/refused.csv",
            get(intake::refused),
        )
        .route("/records/{kind}/import/{upload}/take", post(intake::take))
        .route(
            "/records/{kind}/import/{upload}/forget",
            post(intake::forget),
        )
}

/// The routes that take a file, this one and the API's: longer, and slower, than any form. The handlers count the
/// bytes of the file and give up on a line that has gone silent.
fn uploads(api: Router<Arc<Site>>) -> Router<Arc<Site>> {
    let limits = Limits::shipped();
    // What stands around the file in the form.
    let most = limits.upload.saturating_add(limits.form_body);
    api.route("/records/{kind}/import", post(records::intake::receive))
        .layer(bodies(most))
        .layer(within(60 * limits.upload_minutes))
}

/// Bodies of so many bytes at most, counted while they come.
fn bodies(most: u64) -> RequestBodyLimitLayer {
    RequestBodyLimitLayer::new(usize::try_from(most).unwrap_or(usize::MAX))
}

/// An answer within so many seconds.
fn within(seconds: u64) -> TimeoutLayer {
    TimeoutLayer::with_status_code(
        StatusCode::SERVICE_UNAVAILABLE,
        Duration::from_secs(seconds),
    )
}

/// Routes of coming in, of one's own account, and of administration.
fn identity() -> Router<Arc<Site>> {
    use sign_in::{factor, link, oidc, out};
    Router::new()
        .route("/sign-in", get(sign_in::form).post(link::paste))
        .route("/sign-in/password", post(sign_in::password))
        .route("/sign-in/factor", get(factor::show).post(factor::take))
        .route("/sign-in/confirm", post(link::use_link))
        .route("/sign-in/{token}", get(link::look))
        .route("/sign-in/oidc/{provider}", get(oidc::leave))
        .route("/sign-in/oidc/{provider}/callback", get(oidc::come_back))
        .route("/sign-in/oidc/{provider}/logout", post(oidc::logout))
        .route("/sign-out", post(out::sign_out))
        .route("/theme", post(out::theme))
        .route("/language", post(out::language))
        .route("/step-up", get(step_up::show).post(step_up::take))
        .route("/account", get(account::show))
        .route("/account/language", post(account::choose_language))
        .route("/account/password", post(account::set_password))
        .route("/account/totp", post(account::begin_totp))
        .route("/account/totp/confirm", post(account::finish_totp))
        .route("/account/passkey", post(account::begin_passkey))
        .route("/account/passkey/confirm", post(account::finish_passkey))
        .route("/account/recovery", post(account::recovery))
        .route("/account/remove", post(account::remove))
        .route("/account/sessions/end", post(account::end_session))
        .route("/account/tokens", post(account::make_token))
        .route("/account/tokens/revoke", post(account::revoke_token))
        .route("/account/break-glass", post(account::break_glass))
        .route("/account/break-glass/end", post(account::mend_glass))
        .route("/admin/accounts", get(admin::accounts))
        .route("/admin/accounts/{id}", get(admin::account))
        .route("/admin/accounts/{id}/close", post(admin::close))
        .route("/admin/accounts/{id}/reset", post(admin::reset))
        .route("/admin/accounts/{id}/identity", post(admin::tie))
        .route("/admin/accounts/{id}/sessions", post(admin::end_sessions))
        .route("/admin/accounts/{id}/tokens", post(admin::revoke))
        .route("/admin/requests", get(admin::requests).post(admin::propose))
        .route("/admin/requests/{id}/{verdict}", post(admin::decide))
        .route("/admin/roles", get(admin::roles))
        .route("/admin/labels", get(admin::labels))
        .route("/admin/labels/{id}/{verdict}", post(admin::decide_label))
        .route("/admin/break-glass", get(admin::glass))
        .route("/admin/break-glass/{id}", post(admin::review))
        .route(
            "/admin/redactions",
            get(admin::redactions).post(admin::propose_redaction),
        )
        .route(
            "/admin/redactions/{id}/{verdict}",
            post(admin::decide_redaction),
        )
}

async fn nowhere(visitor: Visitor) -> Refused {
    Refused::not_found(visitor)
}

async fn wrong_method(uri: Uri) -> Refused {
    let detail = format!("{} does not take this method", uri.path());
    Refused::bare(&problem::METHOD_NOT_ALLOWED, &detail)
}

/// Refuses what is too long before anything reads it.
async fn short(request: Request, next: Next) -> Response {
    let limits = Limits::shipped();
    let address = request.uri().to_string().len() as u64;
    if address > limits.address {
        let words = format!("the address is longer than {} bytes", limits.address);
        return Refused::bare(&problem::ADDRESS_TOO_LONG, &words).into_response();
    }
    let head: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if head as u64 > limits.header_block {
        let words = format!(
            "the head of the request is longer than {} bytes",
            limits.header_block
        );
        return Refused::bare(&problem::HEADERS_TOO_LARGE, &words).into_response();
    }
    next.run(request).await
}

/// Answers in the reader's language: the one chosen, else that of the account, else the one the browser asks for.
/// Pages say which it is.
async fn spoken(request: Request, next: Next) -> Response {
    let language = asked_language(request.headers());
    let answer = async { (next.run(request).await, current()) };
    let (mut response, language) = speaking(language, answer).await;
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE);
    let page = kind.is_some_and(|k| k.as_bytes().starts_with(b"text/html"));
    if page {
        let code = HeaderValue::from_static(language.code());
        response
            .headers_mut()
            .insert(header::CONTENT_LANGUAGE, code);
    }
    if page || response.status() == StatusCode::NOT_MODIFIED {
        let varies = HeaderValue::from_static("Accept-Language");
        response.headers_mut().append(header::VARY, varies);
    }
    response
}

/// Refusals that a layer or an extractor made, as problems of the table.
async fn told(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|k| k.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/problem+json") || kind.starts_with("text/html") {
        return response;
    }
    let kind = problem::for_status(status.as_u16());
    Refused::bare(kind, kind.meaning).into_response()
}

/// Headers on every answer.
async fn secured(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if site.settings.secure {
        let hsts = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    response
}
