//! The law through the API: may we, for one package or for a stream of them; rules and lists to read.

mod batch;

use super::{Endpoint, Nothing, endpoint};
use crate::{
    answer::{self, Refused},
    site::Site,
    visitor::Visitor,
};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;
use symbolon_app::AppError;
use symbolon_app::law::{
    Again, Bill, Determination, LawList, ListLine, Notices, PastAnswer, PastAsk, Provision,
    Question, RuleLine, RulePage,
};
use symbolon_exchange::{guard, limits::Limits};

/// One package.
pub(super) const ONE: &str = "/api/v1/determinations";
/// Many, one a line.
pub(super) const BATCH: &str = "/api/v1/determinations/batch";

/// Which law is asked, and how far.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Options {
    /// The day of the step, year-month-day, in place of the one the package states.
    on: String,
    /// Only the law that was public by this day, year-month-day.
    known: String,
    /// Bills laid over the law in force, with commas between; the endpoint of proposals lists them.
    proposals: String,
    /// `no` leaves out what would turn a refusal into a yes.
    remedies: String,
}

/// Options of one package asked by its address: any fact may stand beside them, under its own name.
const OPTIONS: [&str; 4] = ["on", "known", "proposals", "remedies"];

/// The endpoints.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint::<Options, Determination>(
            ONE,
            "May we? One package, its facts in the address",
            get(asked).post(determine),
        )
        .asked::<Map<String, Value>, Determination>(
            "May we? One package, an object of facts",
            "application/json",
        ),
        endpoint::<Options, Nothing>(
            BATCH,
            "May we? Many packages, a JSON object a line",
            post(batch::run),
        )
        .asked::<Map<String, Value>, Determination>(
            "May we? Many packages, a JSON object a line; each answer names its line",
            "application/x-ndjson",
        )
        .unread(),
        endpoint::<Nothing, Again>(
            "/api/v1/determinations/{determination}/again",
            "A determination that was kept, put to the law of today: what changed since",
            get(again),
        ),
        endpoint::<Nothing, Vec<RuleLine>>("/api/v1/law/rules", "Every rule", get(rules)),
        endpoint::<Nothing, RulePage>(
            "/api/v1/law/rules/{rule}",
            "One rule: text, values over time, cases, who relies on it",
            get(rule),
        ),
        endpoint::<Nothing, Vec<ListLine>>("/api/v1/law/lists", "Every dated list", get(lists)),
        endpoint::<Nothing, LawList>(
            "/api/v1/law/lists/{list}",
            "One list with its rows",
            get(list),
        ),
        endpoint::<Nothing, Vec<Provision>>(
            "/api/v1/law/coverage",
            "Which provisions are covered, and how far",
            get(coverage),
        ),
        endpoint::<PastAsk, PastAnswer>(
            "/api/v1/law/replay",
            "Past training against the law of its day",
            get(replay),
        ),
        endpoint::<Nothing, Notices>(
            "/api/v1/law/notices",
            "Section 36(b) notices under the law and under each bill",
            get(notices),
        ),
        endpoint::<Nothing, Vec<Bill>>(
            "/api/v1/law/proposals",
            "The bills that can be laid over the law",
            get(proposals),
        ),
    ]
}

impl Options {
    fn onto(self, mut question: Question) -> Question {
        for (over, under) in [
            (self.on, &mut question.on),
            (self.known, &mut question.known),
            (self.proposals, &mut question.proposals),
        ] {
            if !over.is_empty() {
                *under = over;
            }
        }
        question.no_remedies |= self.remedies == "no";
        question
    }
}

/// A question whose facts and options stand in the address.
pub(crate) fn in_address(visitor: &Visitor) -> Question {
    of_pairs(&visitor.query.pairs)
}

/// A question of names and values: facts and options.
pub(crate) fn of_pairs(pairs: &[(String, String)]) -> Question {
    let mut facts = Map::new();
    for (name, value) in pairs {
        facts.insert(name.clone(), Value::String(value.clone()));
    }
    let mut take = |name: &str| match facts.remove(name) {
        Some(Value::String(s)) => s,
        _ => String::new(),
    };
    let [on, known, proposals, remedies] = OPTIONS.map(&mut take);
    Question {
        on,
        known,
        proposals,
        no_remedies: remedies == "no",
        facts,
    }
}

async fn asked(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let question = in_address(&visitor);
    let said = site.app.determination(&question);
    let said = said.map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &said)
}

async fn determine(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let options: Options = visitor.question(&[])?;
    let value = guard::json::value(&bytes, Limits::shipped())
        .map_err(|e| visitor.refuse(AppError::Malformed(e.to_string())))?;
    let question = Question::of(value).map_err(|e| visitor.refuse(e))?;
    // Nothing is waited for, and most answers take less than a hop to another thread would.
    let said = site.app.determine(&options.onto(question));
    let said = said.map_err(|e| visitor.refuse(e))?;
    let head = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((head, said).into_response())
}

async fn rules(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let lines = site.app.rules().map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &lines)
}

async fn rule(
    State(site): State<Arc<Site>>,
    Path(rule): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let page = site.app.rule(&rule).map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &page)
}

async fn lists(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let lines = site.app.law_lists().map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &lines)
}

async fn list(
    State(site): State<Arc<Site>>,
    Path(list): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let page = site.app.law_list(&list).map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &page)
}

async fn coverage(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let lines = site.app.law_coverage().map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &lines)
}

async fn proposals(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let lines = site.app.law_proposals().map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &lines)
}

async fn again(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site.ask(move |app| app.determine_again(&viewer, &id)).await;
    let (_, again) = found.map_err(|e| visitor.refuse(e))?;
    answer::json(&visitor, &again)
}

async fn replay(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let ask: PastAsk = visitor.question(&[])?;
    let viewer = visitor.viewer.clone();
    let found = site.ask(move |app| app.past(&viewer, &ask)).await;
    answer::json(&visitor, &found.map_err(|e| visitor.refuse(e))?)
}

async fn notices(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Refused> {
    let viewer = visitor.viewer.clone();
    let found = site.work(move |app| app.law_notices(&viewer)).await;
    answer::json(&visitor, &found.map_err(|e| visitor.refuse(e))?)
}
