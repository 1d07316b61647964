//! Units, parents, places, persons, postings and incidents from the files of Security Force Monitor, with their
//! sources and confidence; one transaction, so that decisions they touch open again with it. A record that is
//! there already is left as it is: nobody's later edit is overwritten.

mod incident;

use super::{envelope, source_of};
use crate::{App, AppError, Result, vetting::names_in_file};
use jiff::{ToSpan, civil::Date};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use symbolon_access::Viewer;
use symbolon_domain::{
    date::{Known, Precision, ValidTime},
    kinds::Source,
    label::Label,
    record::{Citation, Confidence, RecordId},
};
use symbolon_exchange::{
    import::sfm::{Cited, Doubt, Folder, Ground},
    shipped,
};
use symbolon_store::{Change, StoreError, query::RecordQuery};

/// Credit that goes with the data.
const CREDIT: &str = "Security Force Monitor";

/// What an import did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SfmLoaded {
    /// Records made, by kind.
    pub made: BTreeMap<String, usize>,
    /// Records that were there already and were left as they are.
    pub kept: usize,
    /// Files that were none of theirs.
    pub passed: Vec<String>,
    /// What was not taken, or read with a doubt: file, line, code and problem.
    pub doubts: Vec<(String, u64, String, String)>,
}

/// The records to be, in the order in which they refer to each other.
struct Making<'a> {
    folder: &'a Folder,
    changes: Vec<Change>,
    made: BTreeSet<RecordId>,
    doubts: Vec<Doubt>,
}

/// Takes a folder's records in, all or none; a dry run writes nothing.
///
/// # Errors
/// What the store refuses; then nothing is there.
pub fn sfm(app: &App, viewer: &Viewer, folder: &Folder, dry_run: bool) -> Result<SfmLoaded> {
    let mut making = Making {
        folder,
        changes: vec![],
        made: BTreeSet::new(),
        doubts: folder.doubts.clone(),
    };
    making.units();
    making.parents();
    making.sites();
    making.persons();
    making.postings();
    making.incidents()?;
    let mut there = BTreeSet::new();
    let kinds: BTreeSet<String> = making
        .changes
        .iter()
        .map(|c| c.envelope.kind.clone())
        .collect();
    for kind in &kinds {
        let all = RecordQuery {
            deleted: true,
            ..RecordQuery::default()
        };
        let known = app.store.list(&app.system(), kind, &all)?;
        there.extend(known.into_iter().map(|r| r.envelope.id));
    }
    let total = making.changes.len();
    let new: Vec<Change> = making
        .changes
        .into_iter()
        .filter(|c| !there.contains(&c.envelope.id))
        .collect();
    let mut loaded = SfmLoaded {
        kept: total - new.len(),
        passed: folder.passed.clone(),
        ..SfmLoaded::default()
    };
    for change in &new {
        *loaded.made.entry(change.envelope.kind.clone()).or_default() += 1;
    }
    let doubts = making.doubts.into_iter();
    loaded.doubts = doubts
        .map(|d| (d.file, d.line, d.code.to_owned(), d.problem))
        .collect();
    if dry_run || new.is_empty() {
        return Ok(loaded);
    }
    let (_, source) = source_of(app, &document())?;
    let named: Vec<_> = new.iter().flat_map(names_in_file).collect();
    app.store.write_all(
        viewer,
        Box::new(move |write| {
            for change in source.into_iter().chain(new) {
                let code = change.envelope.code.clone();
                write(change).map_err(|e| StoreError::Invalid(format!("{code}: {e}")))?;
            }
            Ok(())
        }),
    )?;
    app.refresh();
    app.screen_renamed(&named)?;
    Ok(loaded)
}

/// The source document of all of it.
fn document() -> Source {
    Source {
        title: "Security Force Monitor".to_owned(),
        publisher: CREDIT.to_owned(),
        url: String::new(),
        reference: String::new(),
        published: None,
        licence: "Not stated by the files; credit is due".to_owned(),
        credit: CREDIT.to_owned(),
    }
}

/// The country of a two-letter code; empty where there is none.
fn partner(two: &str) -> String {
    let found = shipped::countries()
        .iter()
        .find(|c| c.iso2.eq_ignore_ascii_case(two));
    found.map_or_else(String::new, |c| c.iso3.as_str().to_owned())
}

/// From the first day cited to the day after the last, where it is said to have ended; otherwise open.
fn valid(cited: &Cited) -> ValidTime {
    let to = cited.last.filter(|_| cited.ended).and_then(after);
    let to = to.filter(|t| cited.first.is_none_or(|f| f.day < t.day));
    ValidTime {
        from: cited.first,
        to,
    }
}

/// The first day after a day, month, year or stretch.
fn after(known: Known) -> Option<Known> {
    if let Precision::Between(last) = known.precision {
        let precision = Precision::Between(last.tomorrow().ok()?);
        return Some(Known {
            precision,
            day: known.day.tomorrow().ok()?,
        });
    }
    let span = match known.precision {
        Precision::Month => 1.month(),
        Precision::Year => 1.year(),
        _ => 1.day(),
    };
    let day: Date = known.day.checked_add(span).ok()?;
    Some(Known { day, ..known })
}

impl Making<'_> {
    /// Adds a record under a key that stays the same from import to import.
    fn add(
        &mut self,
        kind: &str,
        key: &str,
        told: (&str, ValidTime, &Ground),
        body: Value,
    ) -> RecordId {
        let id = RecordId::named(kind, &format!("sfm:{key}"));
        if !self.made.insert(id) {
            return id;
        }
        let (country, valid, ground) = told;
        let code = format!("SFM-{}", &id.to_string()[..13]);
        let mut new = envelope(kind, id, &code, Label::internal("USA"));
        new.partner = partner(country);
        new.valid = valid;
        new.sources = self.citations(ground);
        self.changes.push(Change {
            envelope: new,
            body,
            action: format!("{kind}.import"),
            reason: "imported from files of Security Force Monitor".to_owned(),
            saw: vec![],
        });
        id
    }

    /// Each source by its title and address where the folder has it, otherwise by its number.
    fn citations(&self, ground: &Ground) -> Vec<Citation> {
        let confidence = ground.confidence.unwrap_or(Confidence::Low);
        let one = |id: &String| {
            let known = self.folder.sources.get(id);
            let document = known.map(|s| match s.publication.as_str() {
                "" => s.title.clone(),
                publication => format!("{} ({publication}, {})", s.title, s.published),
            });
            Citation {
                document: document.unwrap_or_else(|| CREDIT.to_owned()),
                locator: id.clone(),
                url: known.map(|s| s.url.clone()).unwrap_or_default(),
                confidence,
                field: String::new(),
            }
        };
        let mut all: Vec<Citation> = ground.sources.iter().map(one).collect();
        if all.is_empty() {
            all.push(Citation {
                document: CREDIT.to_owned(),
                locator: String::new(),
                url: String::new(),
                confidence,
                field: String::new(),
            });
        }
        all
    }

    fn units(&mut self) {
        let folder = self.folder;
        for (key, unit) in &folder.units {
            let note = [unit.classes.join("; "), unit.note.clone()];
            let note: Vec<String> = note.into_iter().filter(|n| !n.is_empty()).collect();
            let body =
                json!({"name": unit.name, "other_names": unit.others, "note": note.join("\n")});
            let told = (unit.country.as_str(), ValidTime::default(), &unit.ground);
            self.add("unit", key, told, body);
        }
    }

    /// A unit by its key; one that is only named elsewhere is made with its name alone.
    fn unit(&mut self, key: &str) -> Option<(RecordId, String)> {
        if let Some(unit) = self.folder.units.get(key) {
            return Some((
                RecordId::named("unit", &format!("sfm:{key}")),
                unit.country.clone(),
            ));
        }
        let (country, name) = key.split_once('/')?;
        if country == "pk" {
            return None;
        }
        let body = json!({"name": name, "note": "Named as a parent or a post; the files say no more of it."});
        let told = (country, ValidTime::default(), &Ground::default());
        Some((self.add("unit", key, told, body), country.to_owned()))
    }

    fn parents(&mut self) {
        let folder = self.folder;
        for p in &folder.parents {
            let (Some((unit, country)), Some((parent, _))) =
                (self.unit(&p.unit), self.unit(&p.parent))
            else {
                continue;
            };
            if unit == parent {
                self.doubt(
                    "sfm.own-parent",
                    &format!("`{}` is named as its own parent", p.unit),
                );
                continue;
            }
            let relation = match p.relation.to_ascii_lowercase().as_str() {
                "command" => "command",
                "administrative" => "administration",
                _ => "unclear",
            };
            let key = format!(
                "{}|{}|{relation}|{:?}",
                p.unit,
                p.parent,
                p.cited.first.map(|f| f.day)
            );
            let told = (country.as_str(), valid(&p.cited), &p.ground);
            let body = json!({"unit": unit, "parent": parent, "relation": relation});
            self.add("unit_parent", &key, told, body);
        }
    }

    fn sites(&mut self) {
        let folder = self.folder;
        for s in &folder.sites {
            let Some((unit, country)) = self.unit(&s.unit) else {
                continue;
            };
            let sort = if s.operations {
                "area_of_operation"
            } else {
                "base"
            };
            let key = format!(
                "{}|{}|{sort}|{:?}",
                s.unit,
                s.place,
                s.cited.first.map(|f| f.day)
            );
            let told = (country.as_str(), valid(&s.cited), &s.ground);
            let body =
                json!({"unit": unit, "place": s.place, "admin_area": s.area, "site_type": sort});
            self.add("unit_site", &key, told, body);
        }
    }

    fn persons(&mut self) {
        let folder = self.folder;
        for (key, person) in &folder.persons {
            let told = (
                person.country.as_str(),
                ValidTime::default(),
                &person.ground,
            );
            let body = json!({"name": person.name, "other_names": person.others});
            self.add("person", key, told, body);
        }
    }

    fn postings(&mut self) {
        let folder = self.folder;
        for p in &folder.postings {
            let known = folder.persons.contains_key(&p.person);
            let Some((unit, country)) = self.unit(&p.unit).filter(|_| known) else {
                let problem = "a posting whose person or unit is not in the files; left out";
                self.doubt("sfm.orphan", problem);
                continue;
            };
            let said = [p.title.as_str(), p.role.as_str(), "not said"];
            let position = said.into_iter().find(|s| !s.is_empty());
            let first = p.cited.first.map(|f| f.day);
            let key = format!("{}|{}|{position:?}|{first:?}", p.person, p.unit);
            let told = (country.as_str(), valid(&p.cited), &p.ground);
            let person = RecordId::named("person", &format!("sfm:{}", p.person));
            let commands = p.role.eq_ignore_ascii_case("commander");
            let body = json!({"person": person, "unit": unit, "position": position, "rank": p.rank, "commands": commands});
            self.add("posting", &key, told, body);
        }
    }

    fn doubt(&mut self, code: &'static str, problem: &str) {
        self.doubts.push(Doubt {
            file: String::new(),
            line: 0,
            code,
            problem: problem.to_owned(),
        });
    }
}

/// An error that says what of ours is damaged.
fn damaged(e: impl std::fmt::Display) -> AppError {
    AppError::Internal(e.to_string())
}
