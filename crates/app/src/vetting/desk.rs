//! The vetting desk: requests with their age and lead time, and what stands of one request for those who see
//! statuses only. Nothing here is out of a vetting file.

use super::{Policy, circle::text, decide::body};
use crate::{App, AppError, Result};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, HashMap};
use symbolon_access::{Action, Policy as Access, Viewer};
use symbolon_domain::{
    kinds::{self, VettingRequest},
    record::{Record, RecordId},
};
use symbolon_store::query::{RecordQuery, Test};

/// States of a request that wait for somebody.
pub const OPEN: [&str; 3] = ["requested", "embassy_checks", "review"];

/// What of the queue is wanted.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QueueAsk {
    /// A state; empty: every open one; `all`: every one.
    pub state: String,
    /// `yes`: only what is assigned to who asks.
    pub mine: String,
    /// Page, from 1.
    pub page: Option<u32>,
}

/// A request in the queue.
#[derive(Clone, Debug)]
pub struct QueueLine {
    /// The request.
    pub request: Record,
    /// What it says.
    pub asked: VettingRequest,
    /// Day it was made.
    pub made: Date,
    /// Days since then.
    pub age: i32,
    /// Working days the post asks for, by the policy of the day it was made; nothing where no policy says.
    pub lead: Option<u16>,
    /// Last day to ask the post, so that the answer is there when it is needed.
    pub ask_by: Option<Date>,
    /// Whether the day it is needed has passed and it is still open.
    pub overdue: bool,
    /// Who it is assigned to; empty: nobody.
    pub analyst: String,
    /// How many candidates stand where.
    pub standing: BTreeMap<String, usize>,
}

/// Requests, the one needed first on top.
#[derive(Clone, Debug)]
pub struct Queue {
    /// This page.
    pub lines: Vec<QueueLine>,
    /// All of them.
    pub total: i64,
}

/// Requests on a page.
pub const QUEUE_PAGE: i64 = 50;

/// A candidate with the names of what it is.
#[derive(Clone, Debug)]
pub struct Named {
    /// The candidate.
    pub candidate: Record,
    /// The unit, as far as the viewer sees it.
    pub unit: Option<Record>,
    /// The person, as far as the viewer sees it.
    pub person: Option<Record>,
}

impl Named {
    /// What to call it.
    #[must_use]
    pub fn title(&self) -> String {
        let name = |r: &Option<Record>| r.as_ref().map(|r| text(r, "name").to_owned());
        let named = text(&self.candidate, "as_named");
        match (name(&self.person), name(&self.unit)) {
            (Some(person), Some(unit)) => format!("{person}, {unit}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) if !named.is_empty() => named.to_owned(),
            (None, None) => self.candidate.envelope.code.clone(),
        }
    }
}

impl App {
    /// Whether the viewer's role sees requests for vetting at all; else the desk is not there.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn sees_vetting(&self, viewer: &Viewer) -> Result<()> {
        match Access::shipped().grants(viewer, Action::Read, "vetting_request") {
            true => Ok(()),
            false => Err(AppError::NotFound("page")),
        }
    }

    /// The queue of requests that the viewer may see.
    pub fn vetting_queue(&self, viewer: &Viewer, ask: &QueueAsk) -> Result<Queue> {
        self.sees_vetting(viewer)?;
        let states = match ask.state.as_str() {
            "" => OPEN.map(str::to_owned).to_vec(),
            "all" => vec![],
            one => vec![one.to_owned()],
        };
        let mut query = RecordQuery {
            order: Some(("needed_by".to_owned(), false)),
            ..RecordQuery::default()
        };
        if !states.is_empty() {
            query = query.when("state", Test::Among(states));
        }
        if ask.mine == "yes" {
            let me = viewer.account().map(|id| id.to_string());
            query = query.when("assigned_to", Test::Among(me.into_iter().collect()));
        }
        let total = self.store.count(viewer, "vetting_request", &query)?;
        let page = ask.page.unwrap_or(1).max(1);
        query.limit = u32::try_from(QUEUE_PAGE).unwrap_or(50);
        query.offset = (page - 1).saturating_mul(query.limit);
        let requests = self.store.list(viewer, "vetting_request", &query)?;
        let ids = requests.iter().map(|r| r.envelope.id.to_string());
        let mut standing = self.standing(viewer, ids.collect())?;
        let names = self.account_names()?;
        let mut lines = vec![];
        for request in requests {
            let of = standing.remove(&request.envelope.id.to_string());
            lines.push(self.queue_line(viewer, request, of.unwrap_or_default(), &names)?);
        }
        Ok(Queue {
            lines,
            total: i64::try_from(total).unwrap_or(i64::MAX),
        })
    }

    /// One request as a line of the queue.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such request.
    pub fn vetting_request(&self, viewer: &Viewer, id: RecordId) -> Result<QueueLine> {
        self.sees_vetting(viewer)?;
        let found = self.store.get(viewer, "vetting_request", id)?;
        let found = found.ok_or(AppError::NotFound("vetting request"))?;
        let mut standing = self.standing(viewer, vec![id.to_string()])?;
        let of = standing.remove(&id.to_string()).unwrap_or_default();
        self.queue_line(viewer, found, of, &self.account_names()?)
    }

    fn queue_line(
        &self,
        viewer: &Viewer,
        request: Record,
        standing: BTreeMap<String, usize>,
        names: &HashMap<String, String>,
    ) -> Result<QueueLine> {
        let asked: VettingRequest = body(&request)?;
        let versions =
            self.store
                .versions(&self.system(), "vetting_request", request.envelope.id)?;
        let at = versions.first().map_or(0, |v| v.entry.entry.time);
        let made = Timestamp::from_millisecond(at)
            .unwrap_or_default()
            .to_zoned(TimeZone::UTC)
            .date();
        let lead = Policy::shipped().lead(&asked.post, made);
        let open = OPEN.contains(&request.envelope.state.as_str());
        let of = asked.assigned_to.map(|id| id.to_string());
        Ok(QueueLine {
            age: (viewer.today - made).get_days(),
            lead: lead.map(|l| l.working_days),
            ask_by: lead.map(|l| l.ask_by(asked.needed_by)),
            overdue: open && asked.needed_by < viewer.today,
            analyst: of
                .and_then(|id| names.get(&id).cloned())
                .unwrap_or_default(),
            made,
            standing,
            asked,
            request,
        })
    }

    /// Names of accounts by id: work is given to people by those who may not read accounts.
    pub(super) fn account_names(&self) -> Result<HashMap<String, String>> {
        let all = self.accounts(&self.system())?;
        Ok(all
            .into_iter()
            .map(|(id, a)| (id.to_string(), a.name))
            .collect())
    }

    fn standing(
        &self,
        viewer: &Viewer,
        requests: Vec<String>,
    ) -> Result<HashMap<String, BTreeMap<String, usize>>> {
        let mut all: HashMap<String, BTreeMap<String, usize>> = HashMap::new();
        if requests.is_empty() {
            return Ok(all);
        }
        let query = RecordQuery::default().when("request", Test::Among(requests));
        for candidate in self.store.list(viewer, "vetting_candidate", &query)? {
            let of = all
                .entry(text(&candidate, "request").to_owned())
                .or_default();
            *of.entry(candidate.envelope.state).or_default() += 1;
        }
        Ok(all)
    }

    /// The candidates of a request with their names, as far as the viewer sees them.
    pub fn candidates_of(&self, viewer: &Viewer, request: RecordId) -> Result<Vec<Named>> {
        let of = Test::Among(vec![request.to_string()]);
        let query = RecordQuery::default().when("request", of);
        let found = self.store.list(viewer, "vetting_candidate", &query)?;
        found.into_iter().map(|c| self.named(viewer, c)).collect()
    }

    pub(super) fn named(&self, viewer: &Viewer, candidate: Record) -> Result<Named> {
        let one = |kind: &str| -> Result<Option<Record>> {
            let Some(id) = text(&candidate, kind).parse().ok() else {
                return Ok(None);
            };
            let kind = kinds::by_code(kind).ok_or(AppError::NotFound("kind of record"))?;
            Ok(self.store.get(viewer, kind.code, id)?)
        };
        Ok(Named {
            unit: one("unit")?,
            person: one("person")?,
            candidate,
        })
    }
}
