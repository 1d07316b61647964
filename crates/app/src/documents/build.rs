//! Making a document from the records, part by part.

use super::{Document, Part, PartKind, Worth, named};
use crate::{App, AppError, Moment, Result};
use symbolon_access::{Action, FieldView, Policy, Viewer};
use symbolon_domain::{
    codes,
    date::FiscalYear,
    kind::{DELETED, FieldDef, FieldType, KindDef, sentence},
    kinds,
    label::Label,
    money::Amount,
    record::Record,
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// A part lists at most so many records; a document is no export.
const MOST: usize = 5_000;

/// What a document is made with, and the labels of what went into it.
struct Making<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    year: Option<i64>,
    labels: Vec<Label>,
}

/// A column: the fields that lead to the record it is of, and the field there.
type Column<'k> = (&'k str, &'static FieldDef);

impl App {
    /// A document of a record, of what the viewer may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the viewer sees no such record or there is no such document.
    pub fn document(&self, viewer: &Viewer, kind: &str, id: &str, code: &str) -> Result<Document> {
        self.document_of(viewer, (kind, id), code, None)
    }

    /// The same of a fiscal year, where the document is of one; without a year: of the year of today.
    ///
    /// # Errors
    /// As [`App::document`].
    pub fn document_of(
        &self,
        viewer: &Viewer,
        (kind, id): (&str, &str),
        code: &str,
        year: Option<i64>,
    ) -> Result<Document> {
        let document = named(kind, code)?;
        let today = FiscalYear::of(self.today());
        let year = document
            .yearly
            .then(|| year.unwrap_or_else(|| i64::from(today.0)));
        let page = self.record(viewer, kind, id, Moment::default())?;
        let mut making = Making {
            app: self,
            viewer,
            year,
            labels: vec![page.record.envelope.label.clone()],
        };
        let mut parts = vec![];
        for part in &document.part {
            parts.extend(making.part(page.kind, &page.record, part)?);
        }
        let e = &page.record.envelope;
        let entry = page.entry.ok_or(AppError::NotFound("journal entry"))?;
        let marking = self.marking_over(&making.labels)?.unwrap_or_default();
        Ok(Document {
            kind: document,
            title: page.kind.title_of(&e.code, &page.record.body).to_owned(),
            code: e.code.clone(),
            version: e.version,
            hash: entry.entry.after,
            state: sentence(&e.state),
            marking,
            made: self.today(),
            year,
            parts,
            labels: making.labels,
        })
    }

    /// Whether the viewer may take a document away as a file.
    ///
    /// # Errors
    /// [`AppError::NotPermitted`] where the role takes nothing of the kind away.
    pub fn may_take(&self, viewer: &Viewer, kind: &str) -> Result<()> {
        if Policy::shipped().grants(viewer, Action::Export, kind) {
            return Ok(());
        }
        let message = format!("your role takes no {} away", kind.replace('_', " "));
        Err(AppError::NotPermitted(message))
    }

    /// Writes down that a document left as a file, with the hash of the file.
    ///
    /// # Errors
    /// What storage says.
    pub fn document_left(
        &self,
        viewer: &Viewer,
        (document, object): (&Document, &str),
        form: &str,
        bytes: &[u8],
    ) -> Result<()> {
        let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(bytes));
        let what = serde_json::json!({"document": document.kind.code, "record": document.foot(), "form": form,
            "bytes": bytes.len(), "sha256": sha256, "marking": document.marking});
        self.store
            .note(viewer, object, "document.export", what, "")?;
        Ok(())
    }
}

impl Making<'_> {
    /// The record at the end of a path of fields; `None` where a step is blank or hidden.
    fn led(
        &self,
        kind: &'static KindDef,
        record: &Record,
        path: &str,
    ) -> Result<Option<(&'static KindDef, Record)>> {
        let (mut kind, mut record) = (kind, record.clone());
        for step in path.split('.').filter(|s| !s.is_empty()) {
            let Some(FieldType::Reference(to)) = kind.field(step).map(|f| &f.field_type) else {
                return Ok(None);
            };
            let next = kinds::by_code(to).zip(crate::gates::reference(&record.body, step));
            let Some((to, id)) = next else {
                return Ok(None);
            };
            match self.app.store.get(self.viewer, to.code, id)? {
                Some(found) if found.envelope.state != DELETED => (kind, record) = (to, found),
                _ => return Ok(None),
            }
        }
        Ok(Some((kind, record)))
    }

    fn part(
        &mut self,
        kind: &'static KindDef,
        record: &Record,
        part: &PartKind,
    ) -> Result<Option<Part>> {
        let path = format!("{}{}", part.up, part.at);
        let Some((kind, here)) = self.led(kind, record, &path)? else {
            return Ok(None);
        };
        if part.of.is_empty() {
            self.labels.push(here.envelope.label.clone());
            return self.facts(kind, &here, part).map(Some);
        }
        let Some(of) = kinds::by_code(&part.of) else {
            return Ok(None);
        };
        if !Policy::shipped().grants(self.viewer, Action::Read, of.code) {
            return Ok(None);
        }
        let rows = self.listed(of, &here, part)?;
        self.table(of, &rows, part).map(Some)
    }

    /// The records of a part, in the order of their first columns.
    fn listed(&self, of: &KindDef, here: &Record, part: &PartKind) -> Result<Vec<Record>> {
        let refer = |kind: &str, by: &str, to: &Record| {
            let id = to.envelope.id.to_string();
            let query = RecordQuery::default().when(by, Test::Is(Value::Text(id)));
            self.app.store.list(self.viewer, kind, &query)
        };
        let mut rows = match &part.through {
            None if part.of_partner => {
                let iso3 = here.body["iso3"].as_str().unwrap_or_default().to_owned();
                let query = RecordQuery::default().when("partner", Test::Is(Value::Text(iso3)));
                self.app.store.list(self.viewer, of.code, &query)?
            }
            None => refer(of.code, &part.by, here)?,
            Some(through) => {
                let mut all = vec![];
                for between in refer(&through.kind, &through.by, here)? {
                    all.extend(refer(of.code, &part.by, &between)?);
                }
                all
            }
        };
        let of_year =
            |r: &Record| part.year.is_empty() || r.body[part.year.as_str()].as_i64() == self.year;
        rows.retain(|r| r.envelope.state != DELETED && of_year(r));
        if rows.len() > MOST {
            let message = format!(
                "{}: more than {MOST} records; take them as a list",
                part.title
            );
            return Err(AppError::Conflict(message));
        }
        rows.sort_by_key(|r| {
            let first = part.fields.iter().take(2);
            let texts: Vec<String> = first.map(|f| r.body[f.as_str()].to_string()).collect();
            (texts, r.envelope.code.clone())
        });
        Ok(rows)
    }

    /// The columns of a part: fields of its records, or of records that those refer to.
    fn columns<'p>(&self, kind: &'static KindDef, part: &'p PartKind) -> Vec<Column<'p>> {
        let column = |path: &'p String| {
            let (steps, name) = path.rsplit_once('.').unwrap_or(("", path));
            let mut kind = kind;
            for step in steps.split('.').filter(|s| !s.is_empty()) {
                let FieldType::Reference(to) = &kind.field(step)?.field_type else {
                    return None;
                };
                kind = kinds::by_code(to)?;
            }
            let field = kind.field(name)?;
            let view = FieldView::of(Policy::shipped(), self.viewer, kind.code);
            view.shows(field).then_some((steps, field))
        };
        part.fields.iter().filter_map(column).collect()
    }

    /// What stands in a column of a record.
    fn cell(
        &self,
        kind: &'static KindDef,
        record: &Record,
        (steps, field): Column<'_>,
    ) -> Result<Worth> {
        if steps.is_empty() {
            return self.worth(field, record);
        }
        match self.led(kind, record, steps)? {
            Some((_, there)) => self.worth(field, &there),
            None => Ok(Worth::Blank),
        }
    }

    fn facts(&self, kind: &'static KindDef, record: &Record, part: &PartKind) -> Result<Part> {
        let mut rows = vec![];
        for column in self.columns(kind, part) {
            rows.push(vec![
                Worth::Words(column.1.label.clone()),
                self.cell(kind, record, column)?,
            ]);
        }
        Ok(Part {
            title: part.title.clone(),
            heads: vec![("Field".to_owned(), false), ("Value".to_owned(), false)],
            rows,
            facts: true,
            summed: false,
        })
    }

    fn table(
        &mut self,
        kind: &'static KindDef,
        records: &[Record],
        part: &PartKind,
    ) -> Result<Part> {
        let columns = self.columns(kind, part);
        let number = |f: &FieldDef| matches!(f.field_type, FieldType::Integer | FieldType::Amount);
        let mut heads: Vec<(String, bool)> = columns
            .iter()
            .map(|(_, f)| (f.label.clone(), number(f)))
            .collect();
        let mut rows = vec![];
        for record in records {
            self.labels.push(record.envelope.label.clone());
            let mut row = vec![];
            for column in &columns {
                row.push(self.cell(kind, record, *column)?);
            }
            rows.push(row);
        }
        let fields: Vec<&FieldDef> = columns.iter().map(|(_, f)| *f).collect();
        let sums = super::rows::sums(&fields, &part.sum, records, &rows);
        if part.group.is_empty() {
            heads.push(("State".to_owned(), false));
            for (row, record) in rows.iter_mut().zip(records) {
                row.push(Worth::Words(sentence(&record.envelope.state)));
            }
        } else {
            rows = super::rows::grouped(&fields, &part.sum, records, rows);
        }
        let summed = sums.is_some();
        rows.extend(sums.map(|mut sum| {
            sum.truncate(heads.len());
            sum
        }));
        Ok(Part {
            title: part.title.clone(),
            heads,
            rows,
            facts: false,
            summed,
        })
    }

    /// A field of a record as it is shown: codes and records by their names.
    fn worth(&self, field: &FieldDef, record: &Record) -> Result<Worth> {
        let value = &record.body[&field.name];
        let text = field.text_of(value);
        if text.is_empty() {
            return Ok(Worth::Blank);
        }
        Ok(match &field.field_type {
            FieldType::Integer => value.as_i64().map_or(Worth::Words(text), Worth::Count),
            FieldType::Amount => text
                .parse::<Amount>()
                .map_or(Worth::Words(text), Worth::Money),
            FieldType::Code(list) => {
                let name = codes::list(list).map_or(text.as_str(), |l| l.name_of(&text));
                Worth::Words(name.to_owned())
            }
            FieldType::Choice(_) => Worth::Words(sentence(&text)),
            FieldType::Reference(to) => {
                let id = crate::gates::reference(&record.body, &field.name);
                let found = match id {
                    Some(id) => self.app.store.get(self.viewer, to, id)?,
                    None => None,
                };
                let name = found.and_then(|r| {
                    let kind = kinds::by_code(to)?;
                    Some(kind.title_of(&r.envelope.code, &r.body).to_owned())
                });
                name.map_or(Worth::Blank, Worth::Words)
            }
            _ => Worth::Words(text),
        })
    }
}
