//! The endpoints of version 1.

use super::{Endpoint, Nothing, cursor, endpoint};
use crate::{
    answer::{self, Refused},
    site::Site,
    visitor::Visitor,
};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use symbolon_access::Viewer;
use symbolon_app::{
    Activity, App, AppError, BlockLine, Country, CountryLine, Dataset, FindingAsk, FindingLine,
    OverlayLine, Portfolio, PortfolioAsk, Proof, SearchResult, TrainingAsk, TrainingList,
};

/// A page of a list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Listed<T> {
    /// The items.
    pub(super) items: Vec<T>,
    /// How many there are in all.
    pub(super) total: u64,
    /// Cursor of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// Rows of training and what they rest on.
#[derive(Serialize, JsonSchema)]
struct TrainingPage {
    /// The answer.
    #[serde(flatten)]
    list: TrainingList,
    /// Cursor of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Words to look for.
#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Words {
    /// Words.
    q: String,
}

/// Names to look for.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Names {
    /// Name or code, any spelling the reports use.
    name: String,
}

/// A day.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AsOf {
    /// Memberships as of this day, year-month-day; today if absent.
    as_of: Option<String>,
}

/// Every endpoint.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint::<PortfolioAsk, Portfolio>(
            "/api/v1/portfolio",
            "Figures by partner, year and account",
            get(portfolio),
        ),
        endpoint::<TrainingAsk, TrainingPage>(
            "/api/v1/training",
            "Rows of training that match",
            get(training),
        ),
        endpoint::<Nothing, Activity>(
            "/api/v1/training/{dataset}/{row}",
            "One printed row and its reading",
            get(activity),
        ),
        endpoint::<Nothing, Proof>(
            "/api/v1/training/{dataset}/{row}/proof",
            "Proof that a row is in the journal",
            get(proof),
        ),
        endpoint::<Names, Vec<CountryLine>>(
            "/api/v1/countries",
            "Countries with their figures",
            get(countries),
        ),
        endpoint::<AsOf, Country>("/api/v1/countries/{iso3}", "One country", get(country)),
        endpoint::<Nothing, Vec<Dataset>>("/api/v1/datasets", "Data sets", get(datasets)),
        endpoint::<Nothing, Dataset>("/api/v1/datasets/{code}", "One data set", get(dataset)),
        endpoint::<FindingAsk, Listed<FindingLine>>(
            "/api/v1/datasets/{code}/findings",
            "What is doubted",
            get(findings),
        ),
        endpoint::<FindingAsk, Listed<BlockLine>>(
            "/api/v1/datasets/{code}/blocks",
            "Blocks and control totals",
            get(blocks),
        ),
        endpoint::<FindingAsk, Listed<OverlayLine>>(
            "/api/v1/datasets/{code}/overlays",
            "Cells read differently",
            get(overlays),
        ),
        endpoint::<Words, SearchResult>(
            "/api/v1/search",
            "Everything with these words",
            get(search),
        ),
    ]
}

/// Asks a use case and answers with its JSON.
pub(super) async fn told<T: Serialize + Send + 'static>(
    site: Arc<Site>,
    visitor: Visitor,
    f: impl FnOnce(&App, &Viewer) -> Result<T, AppError> + Send + 'static,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let answer = site
        .ask(move |app| f(app, &viewer))
        .await
        .map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &answer)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound("row"))
}

/// The question, with a cursor taken for the page it leads to.
fn with_cursor<T: serde::de::DeserializeOwned>(
    visitor: &Visitor,
) -> Result<(T, Option<u32>), Refused> {
    let cursor = visitor.query.get("cursor");
    if cursor.is_empty() {
        return Ok((visitor.question(&[])?, None));
    }
    let page = cursor::page(cursor).ok_or_else(|| {
        visitor.refuse(AppError::Invalid(
            "this cursor was not made here; begin without one".into(),
        ))
    })?;
    Ok((visitor.question(&["cursor", "page"])?, Some(page)))
}

async fn portfolio(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let ask: PortfolioAsk = visitor.question(&[])?;
    told(site, visitor, move |app, viewer| {
        app.portfolio(viewer, &ask)
    })
    .await
}

async fn training(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let (mut ask, page): (TrainingAsk, _) = with_cursor(&visitor)?;
    ask.page = page.or(ask.page);
    told(site, visitor, move |app, viewer| {
        let list = app.training(viewer, &ask)?;
        let next = (u64::from(list.page) * u64::from(list.limit) < list.total)
            .then(|| cursor::of_page(list.page + 1));
        Ok(TrainingPage { list, next })
    })
    .await
}

async fn activity(
    State(site): State<Arc<Site>>,
    Path((dataset, row)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    told(site, visitor, move |app, viewer| {
        app.activity(viewer, &dataset, number(&row)?)
    })
    .await
}

async fn proof(
    State(site): State<Arc<Site>>,
    Path((dataset, row)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    told(site, visitor, move |app, viewer| {
        app.proof(viewer, &dataset, number(&row)?)
    })
    .await
}

async fn countries(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let ask: Names = visitor.question(&["region", "group", "sort"])?;
    told(site, visitor, move |app, viewer| {
        app.countries(viewer, &ask.name)
    })
    .await
}

async fn country(
    State(site): State<Arc<Site>>,
    Path(iso3): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let ask: AsOf = visitor.question(&[])?;
    let day = ask.as_of.map(|d| {
        d.parse()
            .map_err(|_| AppError::Invalid(format!("`{d}` is no date: year-month-day")))
    });
    told(site, visitor, move |app, viewer| {
        app.country(viewer, &iso3, day.transpose()?)
    })
    .await
}

async fn datasets(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    told(site, visitor, |app, viewer| app.datasets(viewer)).await
}

async fn dataset(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    told(site, visitor, move |app, viewer| app.dataset(viewer, &code)).await
}

/// A list of a data set: the question, and the use case that answers a page of it.
async fn listed<T: Serialize + Send + 'static>(
    site: Arc<Site>,
    visitor: Visitor,
    list: impl FnOnce(&App, &Viewer, &FindingAsk) -> Result<(Vec<T>, u64), AppError> + Send + 'static,
) -> Result<Response, Refused> {
    let (mut ask, page): (FindingAsk, _) = with_cursor(&visitor)?;
    ask.page = page.or(ask.page);
    told(site, visitor, move |app, viewer| {
        let (items, total) = list(app, viewer, &ask)?;
        let (at, limit) = (
            ask.page.unwrap_or(1).max(1),
            ask.limit.unwrap_or(50).clamp(1, 200),
        );
        let next = (u64::from(at) * u64::from(limit) < total).then(|| cursor::of_page(at + 1));
        Ok(Listed { items, total, next })
    })
    .await
}

async fn findings(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    listed(site, visitor, move |app, viewer, ask| {
        app.findings(viewer, &code, ask)
    })
    .await
}

async fn blocks(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    listed(site, visitor, move |app, viewer, ask| {
        app.blocks(viewer, &code, ask)
    })
    .await
}

async fn overlays(
    State(site): State<Arc<Site>>,
    Path(code): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    listed(site, visitor, move |app, viewer, ask| {
        app.overlays(viewer, &code, ask)
    })
    .await
}

async fn search(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let ask: Words = visitor.question(&[])?;
    told(site, visitor, move |app, viewer| app.search(viewer, &ask.q)).await
}
