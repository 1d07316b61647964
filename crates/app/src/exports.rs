//! Records of a kind as a file: page by page behind the row filter, journalled with filter, count and
//! hash, stopped where the right to read ends.

use crate::still::LOOK;
use crate::{App, AppError, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::time::Instant;
use symbolon_access::{Action, Policy, Subject, Viewer, World, decide, roll_up};
use symbolon_domain::{
    kind::{FieldType, KindDef},
    kinds,
    label::Label,
    record::Record,
};
use symbolon_exchange::{
    export::{
        Notes,
        records::{RecordFile, Sent, Tally},
    },
    import::records::Format,
};
use symbolon_store::query::{RecordQuery, Test};

/// Records read at once.
const PAGE: u32 = 2_000;

/// What shall be exported, and how.
pub struct Asked<'a> {
    /// The kind.
    pub kind: &'static KindDef,
    /// Which records; order, limit and offset are not used.
    pub query: &'a RecordQuery,
    /// The filter as an address, for the notes and the journal.
    pub address: &'a str,
    /// Form of the file.
    pub format: Format,
    /// Who asks, asked again before each page: nobody once the session or the role is gone.
    pub still: &'a dyn Fn() -> Option<Viewer>,
}

/// What an export holds, known before it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Records.
    pub rows: u64,
    /// Marking of the whole; empty where nothing is in it.
    pub whole: String,
    /// Markings of the records.
    pub markings: BTreeSet<String>,
}

/// Whether a viewer may take a record away.
pub(crate) fn may_take(world: &World, viewer: &Viewer, record: &Record) -> bool {
    let e = &record.envelope;
    let subject = Subject {
        kind: &e.kind,
        label: &e.label,
        partner: &e.partner,
        programme: &e.programme,
    };
    decide(Policy::shipped(), world, viewer, Action::Export, subject).allowed
}

impl App {
    /// The kind, where the viewer may take its records away; else there is none.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn export_kind(&self, viewer: &Viewer, code: &str) -> Result<&'static KindDef> {
        let policy = Policy::shipped();
        let may = |k: &&KindDef| {
            policy.grants(viewer, Action::Read, k.code)
                && policy.grants(viewer, Action::Export, k.code)
        };
        kinds::by_code(code)
            .filter(may)
            .ok_or(AppError::NotFound("kind of record"))
    }

    /// Writes records to a file and journals what was sent, also where it ended early.
    ///
    /// # Errors
    /// What storage or the writer says; [`AppError::NotFound`] where nobody asks any more.
    pub fn export_records<W: Write + Send>(&self, asked: &Asked<'_>, out: W) -> Result<Sent> {
        let viewer = (asked.still)().ok_or(AppError::NotFound("kind of record"))?;
        self.export_kind(&viewer, asked.kind.code)?;
        let tally = Tally::default();
        let result = self.write_records(asked, out, &tally);
        let sent = tally.sent();
        let what = serde_json::json!({
            "filter": asked.address, "format": asked.format.extension(), "rows": sent.rows,
            "bytes": sent.bytes, "sha256": sent.sha256, "whole": result.is_ok(),
        });
        let object = format!("{}/export", asked.kind.code);
        let action = format!("{}.export", asked.kind.code);
        self.store.note(&viewer, &object, &action, what, "")?;
        result.map(|()| sent)
    }

    fn write_records<W: Write + Send>(
        &self,
        asked: &Asked<'_>,
        out: W,
        tally: &Tally,
    ) -> Result<()> {
        let io = |e: std::io::Error| AppError::Internal(e.to_string());
        let notes = self.export_notes(asked)?;
        let mut file = RecordFile::new(out, asked.format, asked.kind, &notes, tally).map_err(io)?;
        let mut looked = Instant::now();
        self.export_pages(asked, &mut |viewer, records| {
            let names = match asked.format {
                Format::Csv | Format::Xlsx => self.names_of(viewer, asked.kind, records)?,
                Format::Json | Format::Ndjson => HashMap::new(),
            };
            let naming =
                |kind: &str, id: &str| names.get(&(kind.to_owned(), id.to_owned())).cloned();
            for record in records {
                // Whoever reads slowly keeps a page of records waiting, and the right may end meanwhile.
                if looked.elapsed() >= LOOK {
                    let viewer = (asked.still)().ok_or(AppError::NotFound("kind of record"))?;
                    self.export_kind(&viewer, asked.kind.code)?;
                    looked = Instant::now();
                }
                file.record(record, &naming, tally).map_err(io)?;
            }
            Ok(())
        })?;
        file.finish().map_err(io)
    }

    /// What an export would hold: how many records, and how they are marked. Every record is passed.
    ///
    /// # Errors
    /// What storage says; [`AppError::NotFound`] where nobody asks any more.
    pub fn export_overview(&self, asked: &Asked<'_>) -> Result<Overview> {
        let mut labels = BTreeSet::new();
        let mut rows = 0;
        self.export_pages(asked, &mut |_, records| {
            rows += records.len() as u64;
            labels.extend(records.iter().map(|r| r.envelope.label.clone()));
            Ok(())
        })?;
        let whole = roll_up(&*self.store.world()?, &labels, self.today());
        Ok(Overview {
            rows,
            whole: whole.map(|l| l.marking()).unwrap_or_default(),
            markings: labels.iter().map(Label::marking).collect(),
        })
    }

    /// What stands on the notes sheet. Only a workbook has one: its records are counted first.
    fn export_notes(&self, asked: &Asked<'_>) -> Result<Notes> {
        let mut notes = Notes {
            title: asked.kind.name.to_owned(),
            made_at: (self.around.now)().to_string(),
            address: asked.address.to_owned(),
            ..Notes::default()
        };
        if asked.format != Format::Xlsx {
            return Ok(notes);
        }
        let overview = self.export_overview(asked)?;
        notes.rows = overview.rows;
        if !overview.whole.is_empty() {
            notes.lines.push(format!("Marked {}", overview.whole));
        }
        let parts = overview.markings.iter();
        notes
            .lines
            .extend(parts.map(|m| format!("Holds records marked {m}")));
        notes.lines.push(match asked.query.as_of {
            Some(day) => format!("Records that held true on {day}"),
            None => "Records whenever they held true".to_owned(),
        });
        if let Some(ms) = asked.query.recorded_before {
            let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
            notes
                .lines
                .push(format!("As they were recorded before {time}"));
        }
        Ok(notes)
    }

    /// Hands over the records that may be taken away, in the order of their codes.
    fn export_pages(
        &self,
        asked: &Asked<'_>,
        each: &mut dyn FnMut(&Viewer, &[Record]) -> Result<()>,
    ) -> Result<()> {
        let mut last: Option<(String, String)> = None;
        loop {
            let viewer = (asked.still)().ok_or(AppError::NotFound("kind of record"))?;
            self.export_kind(&viewer, asked.kind.code)?;
            let world = self.store.world()?;
            let mut query = RecordQuery {
                order: None,
                limit: PAGE,
                offset: 0,
                ..asked.query.clone()
            };
            if let Some((code, _)) = &last {
                query = query.when("code", Test::From(code.clone()));
            }
            let page = self.store.list(&viewer, asked.kind.code, &query)?;
            let whole = page.len() < PAGE as usize;
            let at = |r: &Record| (r.envelope.code.clone(), r.envelope.id.to_string());
            // The page begins again with the code it ended on: what was handed over is passed.
            let new: Vec<Record> = page
                .into_iter()
                .filter(|r| last.as_ref().is_none_or(|l| at(r) > *l))
                .collect();
            let Some(end) = new.last().map(at) else {
                return Ok(());
            };
            last = Some(end);
            let taken: Vec<Record> = new
                .into_iter()
                .filter(|r| may_take(&world, &viewer, r))
                .collect();
            each(&viewer, &taken)?;
            if whole {
                return Ok(());
            }
        }
    }

    /// Codes of the records that these refer to, where the code tells them apart for the viewer.
    fn names_of(
        &self,
        viewer: &Viewer,
        kind: &KindDef,
        records: &[Record],
    ) -> Result<HashMap<(String, String), String>> {
        let mut names = HashMap::new();
        let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for field in &kind.fields {
            if let FieldType::Reference(to) = &field.field_type {
                let ids = records.iter().filter_map(|r| r.body[&field.name].as_str());
                wanted.entry(to).or_default().extend(ids.map(str::to_owned));
            }
        }
        for (to, ids) in wanted {
            let among = |column: &str, texts: Vec<String>| {
                let query = RecordQuery::default().when(column, Test::Among(texts));
                self.store.list(viewer, to, &query)
            };
            let found = among("id", ids.into_iter().collect())?;
            let codes: BTreeSet<String> = found.iter().map(|r| r.envelope.code.clone()).collect();
            let mut times: HashMap<String, u32> = HashMap::new();
            for record in among("code", codes.into_iter().collect())? {
                *times.entry(record.envelope.code).or_default() += 1;
            }
            for record in found {
                let code = record.envelope.code;
                if times.get(&code) == Some(&1) {
                    names.insert((to.to_owned(), record.envelope.id.to_string()), code);
                }
            }
        }
        Ok(names)
    }
}
