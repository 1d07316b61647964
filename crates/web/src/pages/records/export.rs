//! `/records/{kind}/export.{csv,xlsx,json,ndjson}`: the list of a kind as the reader sees it, whole and
//! filtered, as a file.

use super::{kind_of, list::question};
use crate::{
    answer::{self, Refused},
    site::Site,
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use symbolon_app::{
    App, AppError, Moment,
    exports::{Asked, Overview},
};
use symbolon_exchange::import::records::Format;
use symbolon_store::query::RecordQuery;

/// Up to so many records are counted, and their marking rolled up, before the first byte is sent. Of more
/// the count stands in the journal and on the notes sheet of a workbook.
const COUNTED: u64 = 20_000;

type Kind = Path<String>;

pub(crate) async fn csv(
    site: State<Arc<Site>>,
    kind: Kind,
    visitor: Visitor,
) -> Result<Response, Refused> {
    page(site, kind, visitor, Format::Csv).await
}

pub(crate) async fn xlsx(
    site: State<Arc<Site>>,
    kind: Kind,
    visitor: Visitor,
) -> Result<Response, Refused> {
    page(site, kind, visitor, Format::Xlsx).await
}

pub(crate) async fn json(
    site: State<Arc<Site>>,
    kind: Kind,
    visitor: Visitor,
) -> Result<Response, Refused> {
    page(site, kind, visitor, Format::Json).await
}

pub(crate) async fn ndjson(
    site: State<Arc<Site>>,
    kind: Kind,
    visitor: Visitor,
) -> Result<Response, Refused> {
    page(site, kind, visitor, Format::Ndjson).await
}

async fn page(
    State(site): State<Arc<Site>>,
    Path(kind): Kind,
    visitor: Visitor,
    format: Format,
) -> Result<Response, Refused> {
    let def = kind_of(&visitor, &kind)?;
    let asked = |name: &str| visitor.query.get(name);
    let moment = Moment::read(asked("as_of"), asked("recorded_before"));
    let moment = moment.map_err(|e| visitor.refuse(e))?;
    let query = question(def, &visitor.query, moment, 1);
    answered(site, visitor, &kind, query, format).await
}

fn media(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8; header=present",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Json => "application/json",
        Format::Ndjson => "application/x-ndjson",
    }
}

/// What an export of this would hold, where it is not too long to be counted first.
fn overview(app: &App, asked: &Asked<'_>) -> Result<Option<Overview>, AppError> {
    let viewer = (asked.still)().ok_or(AppError::NotFound("kind of record"))?;
    app.export_kind(&viewer, asked.kind.code)?;
    let rows = app.store.count(&viewer, asked.kind.code, asked.query)?;
    if rows > COUNTED {
        return Ok(None);
    }
    app.export_overview(asked).map(Some)
}

/// Records of a kind that match as a file, sent while it is made. The right to them is asked again before
/// every page of records, and what was sent is journalled.
pub(crate) async fn answered(
    site: Arc<Site>,
    visitor: Visitor,
    kind: &str,
    query: RecordQuery,
    format: Format,
) -> Result<Response, Refused> {
    let def = kind_of(&visitor, kind)?;
    let address = visitor.query.at(&format!("/records/{}", def.code));
    let (who, again) = (visitor.clone(), query.clone());
    let place = address.clone();
    let found = site
        .work(move |app| {
            let asked = Asked {
                kind: def,
                query: &again,
                address: &place,
                format,
                still: &|| who.again(app),
            };
            overview(app, &asked)
        })
        .await
        .map_err(|e| visitor.refuse(e))?;
    let day = visitor.viewer.today;
    let app = Arc::clone(&site.app);
    let body = answer::written(move |out| {
        let asked = Asked {
            kind: def,
            query: &query,
            address: &address,
            format,
            still: &|| visitor.again(&app),
        };
        app.export_records(&asked, out).map(|_| ())
    });
    let name = format!("{}-{day}.{}", def.code, format.extension());
    let headers = [
        (header::CONTENT_TYPE, media(format).to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let mut response = (headers, body).into_response();
    if let Some(found) = found {
        let mut also = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                let name = HeaderName::from_static(name);
                response.headers_mut().insert(name, value);
            }
        };
        also("x-row-count", &found.rows.to_string());
        if !found.whole.is_empty() {
            also("x-marking", &found.whole);
        }
    }
    Ok(response)
}
