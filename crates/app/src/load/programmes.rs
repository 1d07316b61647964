//! The demonstration programmes: invented units on the real calendar, written day by day through the use
//! cases that people use, by one person of each role, so that every gate is asked as it would be.

mod told;

use crate::{App, AppError, Draft, Result, sign_in, vetting};
use jiff::{civil::Date, tz::TimeZone};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use symbolon_access::Viewer;
use symbolon_domain::{
    date::{Known, ValidTime},
    kinds::{self, Account, LicenceClass, Role, Source, Standing},
    label::{Audience, Label},
    record::{Record, RecordId},
};
use symbolon_exchange::import::lists::ListFile;
use symbolon_store::Surroundings;
use told::{Calendar, Programme, Then, Told};

/// The programmes that ship.
const SHIPPED: [&str; 3] = [
    include_str!("../../../../data/demonstration/maritime-senegal.toml"),
    include_str!("../../../../data/demonstration/train-and-equip-benin.toml"),
    include_str!("../../../../data/demonstration/education-ghana.toml"),
];

/// Kinds that stand in a vetting file, and are made with it open.
const IN_FILE: [&str; 2] = ["vetting_candidate", "vetting_check"];

/// What an account of the demonstration may be shown beside its role; absent: what the role usually has.
/// Who vets is read in to vetting files, and two may share with partners, since it takes two.
#[must_use]
pub fn standing(role: Role) -> Option<Standing> {
    let mut standing = Standing::of_staff();
    if matches!(role, Role::VettingAnalyst | Role::LegalReviewer) {
        standing
            .clearances
            .insert("US".to_owned(), "controlled".to_owned());
        standing.categories.insert("VETTING".to_owned());
    }
    if matches!(role, Role::LegalReviewer | Role::CooperationOfficer) {
        standing.duties.insert("releasing_officer".to_owned());
    }
    (standing != Standing::of_staff()).then_some(standing)
}

/// Writes the demonstration programmes, unless they are there. `people` are accounts, one a role. How many
/// records were made.
///
/// # Errors
/// Where a file cannot be read, a gate refuses, or an earlier run was stopped halfway.
pub fn programmes(app: &App, people: &[(Role, RecordId)]) -> Result<usize> {
    let accounts = app.accounts(&app.system())?;
    let account = |id| accounts.iter().find(|(a, _)| *a == id);
    let people = people
        .iter()
        .filter_map(|(role, id)| account(*id).map(|(id, account)| (*role, (*id, account.clone()))))
        .collect();
    watch_list(app)?;
    let mut made = 0;
    for text in SHIPPED {
        let programme: Programme =
            toml::from_str(text).map_err(|e| AppError::Internal(e.to_string()))?;
        made += Telling::new(app, &programme, &people).tell()?;
    }
    app.store.sign()?;
    app.refresh();
    Ok(made)
}

/// Loads the invented list against which candidates of the demonstration are screened, unless it is there.
fn watch_list(app: &App) -> Result<()> {
    let file = ListFile {
        name: "watch-list.csv".to_owned(),
        bytes: include_bytes!("../../../../data/demonstration/watch-list.csv").to_vec(),
    };
    let new = super::NewList {
        list: "demo-watch".to_owned(),
        title: "Invented watch list of the demonstration".to_owned(),
        day: Some(jiff::civil::date(2025, 1, 15)),
        source: Source {
            title: "Invented watch list of the demonstration".to_owned(),
            publisher: "Symbolon".to_owned(),
            url: String::new(),
            reference: String::new(),
            published: None,
            licence: "CC0".to_owned(),
            credit: String::new(),
        },
        licence_class: LicenceClass::Open,
    };
    super::list(app, &app.system(), &[file], &new).map(|_| ())
}

/// Who is who: a role's account.
type People = BTreeMap<Role, (RecordId, Account)>;

/// A programme being told.
struct Telling<'a> {
    /// The application, as it would have been on each day: its clock is set, the store's is not. Entries of
    /// the journal say when they were truly written.
    app: App,
    clock: Arc<AtomicI64>,
    programme: &'a Programme,
    people: &'a People,
    calendar: Calendar,
    named: HashMap<String, RecordId>,
}

/// The application over the same store and law, with a clock that can be set.
fn on_its_day(app: &App) -> (App, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(app.around.now_ms()));
    let hand = Arc::clone(&clock);
    let now =
        move || jiff::Timestamp::from_millisecond(hand.load(Ordering::Relaxed)).unwrap_or_default();
    let around = Surroundings {
        now: Arc::new(now),
        ..app.around.clone()
    };
    let mut then = App::new(Arc::clone(&app.store), around);
    then.law = app.law.same();
    (then, clock)
}

impl<'a> Telling<'a> {
    fn new(app: &App, programme: &'a Programme, people: &'a People) -> Self {
        let calendar = Calendar(app.today());
        let (app, clock) = on_its_day(app);
        let accounts = people
            .iter()
            .map(|(role, (id, _))| (format!("account:{}", role.code()), *id));
        Self {
            named: accounts.collect(),
            app,
            clock,
            programme,
            people,
            calendar,
        }
    }

    /// Makes every record and lets happen what happens, day after day.
    fn tell(&mut self) -> Result<usize> {
        let mut acts: Vec<(i64, &Told, Option<&Then>)> = vec![];
        for told in &self.programme.record {
            acts.push((told.on, told, None));
            acts.extend(told.then.iter().map(|then| (then.on, told, Some(then))));
        }
        acts.sort_by_key(|(on, ..)| *on);
        let ends = [acts.first(), acts.last()].map(|act| act.map(|(_, told, _)| *told));
        match (self.is_there(ends[0])?, self.is_there(ends[1])?) {
            (true, true) => return Ok(0),
            (true, false) => {
                let message = "the demonstration was stopped while it was written; begin anew in another directory";
                return Err(AppError::Conflict(message.to_owned()));
            }
            _ => {}
        }
        for (on, told, then) in acts {
            let day = self.calendar.day(on);
            self.set_clock(day);
            let done = match then {
                None => self.make(told),
                Some(then) => self.happens(told, then),
            };
            let say = |e: AppError| {
                let what = then.and_then(|t| t.step.as_deref()).unwrap_or("made");
                AppError::Internal(format!(
                    "{} {}: {what} on {day}: {e}",
                    self.programme.partner, told.name
                ))
            };
            done.map_err(say)?;
        }
        Ok(self.programme.record.len())
    }

    fn code(&self, told: &Told) -> String {
        format!("{}-{}", self.programme.partner, told.name)
    }

    fn is_there(&self, told: Option<&Told>) -> Result<bool> {
        let Some(told) = told else { return Ok(false) };
        let found = self
            .app
            .resolve(&self.app.system(), &told.kind, &self.code(told))?;
        Ok(found.is_some())
    }

    /// Nine in the morning of a day, or now where that is still to come.
    fn set_clock(&self, day: Date) {
        let morning = day.at(9, 0, 0, 0).to_zoned(TimeZone::UTC);
        let ms = morning.map_or(0, |m| m.timestamp().as_millisecond());
        self.clock.store(ms, Ordering::Relaxed);
    }

    /// Somebody of a role, on the day the clock shows. Nobody is there to show a factor, so it counts as shown.
    fn who(&self, role: Role) -> Result<Viewer> {
        let (id, account) = self
            .people
            .get(&role)
            .ok_or(AppError::NotFound("account of the demonstration"))?;
        Ok(Viewer {
            actor: sign_in::actor(*id, account),
            stepped_up: true,
            ..self.app.public()
        })
    }

    fn filled(&self, value: &Value) -> Result<Value> {
        let named = |name: &str| self.named.get(name).map(ToString::to_string);
        let bad = |word| AppError::Internal(format!("`{word}` means nothing"));
        self.calendar.filled(value, &named).map_err(bad)
    }

    /// The label a record gets: the writer's own nation's, shared with the other side.
    fn label(&self, told: &Told, by: &Viewer) -> Label {
        let own = by.nation().map_or_else(String::new, |n| n.to_string());
        if told.kind == "vetting_check" {
            return vetting::file_label(&own);
        }
        let mut label = Label::internal(&own);
        let of_partner = kinds::by_code(&told.kind).is_some_and(|k| k.of_partner);
        let released = (of_partner && !told.private && told.kind != "vetting_candidate")
            || told.kind == "determination";
        if released {
            let both = [self.programme.partner.as_str(), "USA"].into_iter();
            label.controls.insert("REL TO".to_owned());
            label.rel_to = Audience {
                nations: both
                    .filter(|n| *n != own)
                    .filter_map(|n| n.parse().ok())
                    .collect(),
                ..Audience::default()
            };
            label.released_at = Some(by.today);
        }
        label
    }

    fn make(&mut self, told: &Told) -> Result<()> {
        let mut by = self.who(told.by)?;
        let body = self.filled(&told.body)?;
        if IN_FILE.contains(&told.kind.as_str()) {
            by = self
                .app
                .open_vetting_file(&by, self.request(&body)?, "Work on the file")?
                .viewer;
        }
        let of_partner = kinds::by_code(&told.kind).is_some_and(|k| k.of_partner)
            || told.kind == "determination";
        let day = |away: Option<i64>| away.map(|a| Known::on(self.calendar.day(a)));
        let draft = Draft {
            code: self.code(told),
            partner: if of_partner {
                self.programme.partner.clone()
            } else {
                String::new()
            },
            valid: ValidTime {
                from: day(told.valid_from),
                to: day(told.valid_to),
            },
            label: Some(self.label(told, &by)),
            sources: told.sources.clone(),
            body,
            ..Draft::default()
        };
        let made = self.app.create(&by, &told.kind, draft, "", None)?;
        self.named.insert(told.name.clone(), made.id);
        Ok(())
    }

    fn now(&self, told: &Told) -> Result<Record> {
        let id = self
            .named
            .get(&told.name)
            .ok_or(AppError::NotFound("record"))?;
        let found = self.app.store.get(&self.app.system(), &told.kind, *id)?;
        found.ok_or(AppError::NotFound("record"))
    }

    /// The request whose file something stands in.
    fn request(&self, body: &Value) -> Result<RecordId> {
        if let Some(id) = crate::gates::reference(body, "request") {
            return Ok(id);
        }
        let system = self.app.system();
        let candidate = crate::gates::reference(body, "candidate")
            .and_then(|id| self.app.store.get(&system, "vetting_candidate", id).ok()?);
        candidate
            .and_then(|c| crate::gates::reference(&c.body, "request"))
            .ok_or(AppError::NotFound("vetting request"))
    }

    fn happens(&self, told: &Told, then: &Then) -> Result<()> {
        let by = self.who(then.by.unwrap_or(told.by))?;
        if let Some(fields) = &then.set {
            let now = self.now(told)?;
            let draft = Draft::of(&now).patched(&self.filled(fields)?);
            // Whoever made the record fills it in; another role moves it on.
            let writer = self.who(told.by)?;
            let (key, version) = ((told.kind.as_str(), now.envelope.id), now.envelope.version);
            self.app.edit(&writer, key, version, draft, "", None)?;
        }
        if let Some(code) = &then.step {
            let now = self.now(told)?;
            let key = (told.kind.as_str(), now.envelope.id);
            let reason = if then.reason.is_empty() {
                "Demonstration"
            } else {
                &then.reason
            };
            self.app
                .transition(&by, key, now.envelope.version, code, reason)?;
        }
        match then.vet {
            Some(outcome) => self.vetted(told, then, outcome, &by),
            None => Ok(()),
        }
    }

    /// One proposes, another confirms.
    fn vetted(
        &self,
        told: &Told,
        then: &Then,
        outcome: symbolon_domain::kinds::Outcome,
        by: &Viewer,
    ) -> Result<()> {
        let candidate = self.now(told)?;
        let request = self.request(&candidate.body)?;
        let file = self
            .app
            .open_vetting_file(by, request, "Propose a decision")?;
        let proposal = vetting::Proposal {
            candidate: candidate.envelope.id,
            outcome,
            grounds: then.reason.clone(),
        };
        let decision = self.app.propose_vetting(&file, &proposal)?;
        let second = self.who(then.confirm.unwrap_or(Role::LegalReviewer))?;
        let file = self
            .app
            .open_vetting_file(&second, request, "Confirm the decision")?;
        self.app.confirm_vetting(&file, decision)?;
        Ok(())
    }
}
