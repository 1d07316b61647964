//! Use cases, one file a verb: access, change, journal, commit. Nothing here knows HTTP.

mod activity;
mod agenda;
mod backup;
mod choice;
mod countries;
mod country;
mod datasets;
pub mod documents;
mod error;
pub mod exports;
mod gates;
pub mod identity;
pub mod intake;
mod jobs;
mod journal;
mod lateness;
pub mod law;
pub mod lists;
pub mod load;
mod portfolio;
mod records;
mod redaction;
mod relabel;
mod releases;
mod schedule;
mod search;
pub mod sign_in;
mod snapshot;
mod still;
mod these;
mod thread;
mod training;
pub mod vetting;
mod visible;
mod work;

pub use activity::{Activity, CellReading, Proof};
pub use backup::{Manifest, TableFile};
pub use choice::{AuthorityChoice, Choice, ChoiceAsk, MoneyChoice};
pub use countries::CountryLine;
pub use country::{Body, Country, Named, Notification, Point, Series, YearAccount};
pub use datasets::{BlockLine, Dataset, FindingAsk, FindingLine, OverlayLine, YearReconciliation};
pub use error::{AppError, Result};
pub use gates::{Allowed, AllowedRule, Refusal, Shut};
pub use identity::accounts::NewAccount;
pub use jobs::LEASE as JOB_LEASE;
pub use journal::{Consistency, JournalHead, VerifyRun};
pub use lateness::{Bar, Dated, Lateness, LatenessAsk};
pub use portfolio::{Ask as PortfolioAsk, Figures, PartnerFigures, Portfolio};
pub use records::{
    Backlink, BulkLine, BulkPlan, Compared, Difference, Draft, Moment, Move, Past, RecordPage,
    UNDO_SECONDS, difference, sentence_of,
};
pub use redaction::RedactionLine;
pub use relabel::{LabelChangeLine, LabelPlan, WantedLabel};
pub use schedule::{Schedule, Stretch, Stretches, Wait};
pub use search::{Hit, SearchResult, escape as search_escape};
pub use sign_in::{SessionLine, SignedIn};
pub use snapshot::{AccountInfo, PartnerInfo, Snapshot};
pub use still::Still;
pub use thread::{Knot, Thread};
pub use training::{Ask as TrainingAsk, Spelling, TrainingLine, TrainingList};
pub use visible::{Visible, readers};
pub use work::{Due, DueAsk, DuePart, Dues};

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use symbolon_access::{Actor, Viewer};
use symbolon_domain::record::RecordId;
use symbolon_store::{Store, Surroundings, query::RecordQuery};

/// The application over one store.
pub struct App {
    /// Storage.
    pub store: Arc<dyn Store>,
    /// Clock, randomness, key.
    pub around: Surroundings,
    snapshot: RwLock<Arc<Snapshot>>,
    /// Days of the portfolio.
    agenda: agenda::Kept,
    looked: Mutex<Option<Instant>>,
    /// Who may come in, and how.
    pub identity: identity::Identities,
    visible: Mutex<VisibleCache>,
    answers: training::Answers,
    reading: intake::Gate,
    /// The rulebook.
    pub law: law::Books,
    past: law::Past,
    uploads: intake::Uploads,
    /// Vetting files that sessions have open.
    openings: vetting::Openings,
    /// The newest version of every list, ready for searching.
    indexes: Mutex<Arc<vetting::Indexes>>,
    /// Held from asking a gate to writing what it let pass.
    passing: Mutex<()>,
    /// Who does jobs here.
    node: jobs::Node,
}

/// Data sets by what decides visibility; short-lived (R-19: changes bind within a second).
type VisibleCache =
    std::collections::HashMap<(Actor, jiff::civil::Date, (bool, bool)), (Instant, Datasets)>;

/// Data sets, shared.
pub type Datasets = Arc<Vec<Arc<DatasetRef>>>;

/// A data set a viewer may see, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetRef {
    /// The record.
    pub id: RecordId,
    /// Code, as in addresses.
    pub code: String,
    /// The data set itself.
    pub dataset: symbolon_domain::kinds::Dataset,
    /// Its label.
    pub label: symbolon_domain::label::Label,
}

/// How long what was read about access or data sets may be used again.
const FRESH: Duration = Duration::from_millis(900);

impl App {
    /// An application over a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, around: Surroundings) -> Self {
        let identity = identity::Identities::new(identity::Settings::default(), None);
        Self::with(store, around, identity)
    }

    /// An application with its own ways to come in.
    #[must_use]
    pub fn with(
        store: Arc<dyn Store>,
        around: Surroundings,
        identity: identity::Identities,
    ) -> Self {
        store.follow_with(Arc::new(vetting::Reopening));
        Self {
            store,
            around,
            snapshot: RwLock::default(),
            agenda: agenda::Kept::default(),
            looked: Mutex::default(),
            identity,
            visible: Mutex::default(),
            answers: training::Answers::default(),
            uploads: intake::Uploads::default(),
            openings: vetting::Openings::default(),
            indexes: Mutex::default(),
            reading: intake::Gate::new(symbolon_exchange::limits::Limits::shipped().parser_jobs),
            law: law::Books::default(),
            past: law::Past::default(),
            passing: Mutex::default(),
            node: jobs::Node::default(),
        }
    }

    /// The day it is.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        (self.around.now)().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// The program itself as a viewer; for start-up and the operator's own command line.
    #[must_use]
    pub fn system(&self) -> Viewer {
        Viewer::system(self.today())
    }

    /// Nobody signed in.
    #[must_use]
    pub fn public(&self) -> Viewer {
        Viewer::public(self.today())
    }

    /// The rows of training reports in memory, as new as the store's data sets.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = looked.is_some_and(|at| at.elapsed() < FRESH);
        let current = Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner));
        if fresh {
            return Ok(current);
        }
        let loaded = snapshot::loaded(self)?;
        *looked = Some(Instant::now());
        if current.datasets == loaded {
            return Ok(current);
        }
        let new = Arc::new(Snapshot::load(self, loaded)?);
        *looked = Some(Instant::now());
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::clone(&new);
        Ok(new)
    }

    /// Forgets what was read, so that the next question sees what was just written.
    pub fn refresh(&self) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.visible
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Data sets the viewer may see, by title.
    pub fn datasets_of(&self, viewer: &Viewer) -> Result<Datasets> {
        // Everything about the viewer that access is decided by.
        let key = (
            viewer.actor.clone(),
            viewer.today,
            (viewer.active, viewer.break_glass),
        );
        let cached = self
            .visible
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        if let Some((at, list)) = cached
            && at.elapsed() < FRESH
        {
            return Ok(list);
        }
        let records = self
            .store
            .list(viewer, "dataset", &RecordQuery::default())?;
        let list = records
            .into_iter()
            .map(|r| {
                let dataset = serde_json::from_value(r.body)
                    .map_err(|e| AppError::Internal(e.to_string()))?;
                Ok(Arc::new(DatasetRef {
                    id: r.envelope.id,
                    code: r.envelope.code,
                    dataset,
                    label: r.envelope.label,
                }))
            })
            .collect::<Result<Vec<_>>>()?;
        let list = Arc::new(list);
        let mut cache = self.visible.lock().unwrap_or_else(PoisonError::into_inner);
        cache.retain(|_, (at, _)| at.elapsed() < FRESH);
        cache.insert(key, (Instant::now(), Arc::clone(&list)));
        Ok(list)
    }
}
