//! The rulebook: read, overlaid where a proposal is asked for, cut back to what was known on a day,
//! compiled.

use crate::again::{Reach, Slice};
use crate::compile::compile;
use crate::dated::{Dated, List, ListRow, ValueRow};
use crate::day::Days;
use crate::error::LawError;
use crate::eval::Tables;
use crate::parsed::{self, Parsed, Written};
use crate::rule::Rule;
use crate::schema::{Schema, Type};
use crate::shape::{ListFile, OverlayFile, ValueShape, ValuesFile};
use crate::source::Source;
use crate::spanned::{self, At};
use std::sync::OnceLock;

/// Which law is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// Only what was public by this day; absent: everything.
    pub known: Option<Days>,
    /// A bill laid over the law in force, as if it had always been so; several with commas between.
    pub proposal: Option<String>,
}

impl Edition {
    /// The bills, in the order in which they are laid over the law.
    pub fn bills(&self) -> impl Iterator<Item = &str> {
        let all = self.proposal.as_deref().unwrap_or_default().split(',');
        all.map(str::trim).filter(|b| !b.is_empty())
    }
}

/// A bill that can be laid over the law.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its folder under `proposals/`.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// How far it has come.
    pub status: String,
    /// Where that can be read.
    pub url: String,
}

/// A rulebook, ready to decide.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// Facts and vocabularies.
    pub schema: Schema,
    /// Rules by id.
    pub rules: Vec<Rule>,
    /// Values, lists and compiled conditions.
    pub tables: Tables,
    /// Hash over the files.
    pub hash: String,
    /// Which law it is.
    pub edition: Edition,
    /// The rules of the authorities whose text was read, by the word for the authority and all, made
    /// when first asked for.
    pub(crate) authorities: OnceLock<Vec<Slice>>,
    /// By fact and word, what the fact reaches when it takes that word, made when first asked for.
    pub(crate) under: OnceLock<Vec<OnceLock<Vec<Reach>>>>,
    /// What each fact reaches, made when first asked for.
    pub(crate) reach: OnceLock<Vec<Reach>>,
}

/// Everything read, nothing compiled yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub schema: Schema,
    pub rules: Vec<Parsed>,
    pub values: Vec<Dated>,
    pub lists: Vec<List>,
}

impl Rulebook {
    /// The steps and rules that read a fact.
    #[must_use]
    pub fn reach(&self, fact: u16) -> &Reach {
        static NOTHING: Reach = Reach::nothing();
        let all = self.reach.get_or_init(|| Reach::of_facts(self));
        all.get(usize::from(fact)).unwrap_or(&NOTHING)
    }

    /// Reads and compiles the law as it stands.
    ///
    /// # Errors
    /// Every fault found, with file, line and column.
    pub fn load(source: &Source) -> Result<Self, Vec<LawError>> {
        Self::edition(source, Edition::default())
    }

    /// Reads and compiles an edition.
    ///
    /// # Errors
    /// As [`Rulebook::load`]; also where there is no such proposal.
    pub fn edition(source: &Source, edition: Edition) -> Result<Self, Vec<LawError>> {
        let mut draft = Draft::read(source)?;
        for name in edition.bills() {
            draft.overlay(source, name)?;
        }
        if let Some(day) = edition.known {
            draft.as_known(day);
        }
        let lists = draft.lists.into();
        let compiled = compile(&draft.schema, &draft.rules, &draft.values, &lists)?;
        Ok(Self {
            schema: draft.schema,
            rules: compiled.rules,
            tables: compiled.tables,
            hash: source.hash(),
            edition,
            authorities: OnceLock::new(),
            under: OnceLock::new(),
            reach: OnceLock::new(),
        })
    }

    /// The rulebook the program carries.
    ///
    /// # Errors
    /// Never for a program whose tests passed.
    pub fn embedded() -> Result<Self, Vec<LawError>> {
        Self::load(&Source::embedded())
    }

    /// Number of a rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|r| r.id == id)
    }
}

/// The bills that can be laid over the law.
///
/// # Errors
/// Where an overlay cannot be read.
pub fn proposals(source: &Source) -> Result<Vec<Proposal>, LawError> {
    let folders: Vec<&str> = source.folders_with("overlay.toml").collect();
    let read = |folder: &str| -> Result<Proposal, LawError> {
        let (_, file): (_, OverlayFile) =
            spanned::parse(source, &format!("{folder}/overlay.toml"))?;
        Ok(Proposal {
            name: folder.trim_start_matches("proposals/").to_owned(),
            title: file.title,
            status: file.status,
            url: file.url,
        })
    };
    folders.into_iter().map(read).collect()
}

impl Draft {
    pub(crate) fn read(source: &Source) -> Result<Self, Vec<LawError>> {
        let schema = Schema::read(source)?;
        let (mut rules, mut values, mut faults) = (vec![], vec![], vec![]);
        for folder in source.folders_with("rule.toml") {
            match parsed::read(source, folder) {
                Ok(found) => rules.extend(found),
                Err(e) => faults.extend(e),
            }
            match values_of(source, &schema, folder) {
                Ok(found) => values.extend(found),
                Err(e) => faults.push(e),
            }
        }
        let (lists, list_faults) = lists(source, &schema);
        faults.extend(list_faults);
        if faults.is_empty() {
            return Ok(Self {
                schema,
                rules,
                values,
                lists,
            });
        }
        Err(faults)
    }

    /// Lays a bill over values and conditions.
    fn overlay(&mut self, source: &Source, name: &str) -> Result<(), Vec<LawError>> {
        let file = format!("proposals/{name}/overlay.toml");
        let (text, shape): (_, OverlayFile) = spanned::parse(source, &file).map_err(|e| vec![e])?;
        let fault = |at: usize, m: String| vec![LawError::at(&file, text, at, m)];
        for v in &shape.value {
            let folder = v.rule.get_ref().replace('.', "/");
            let wanted = v.name.get_ref();
            let found = self
                .values
                .iter_mut()
                .find(|d| d.rule == folder && d.name == *wanted);
            let Some(dated) = found else {
                let message = format!("`{}` has no value `{wanted}`", v.rule.get_ref());
                return Err(fault(v.rule.span().start, message));
            };
            let read = self.schema.value(dated.kind, v.value.get_ref());
            let value = read.map_err(|m| fault(v.value.span().start, m))?;
            dated.rows = vec![ValueRow {
                from: Days::MIN,
                to: Days::MAX,
                value,
                cite: v.cite.clone(),
                url: shape.url.clone(),
                published: Days::MIN,
                note: format!("proposed, not law: {}", shape.title),
            }];
        }
        for c in &shape.condition {
            let Some(rule) = self.rules.iter_mut().find(|r| r.id == *c.rule.get_ref()) else {
                return Err(fault(
                    c.rule.span().start,
                    format!("there is no rule `{}`", c.rule.get_ref()),
                ));
            };
            let at = At::of(&file, text, &c.when);
            let expr = crate::expr::parse(&at.text).map_err(|f| vec![at.fault(f.at, f.message)])?;
            rule.when = Written { at, expr };
        }
        Ok(())
    }

    /// Forgets what became public only later.
    fn as_known(&mut self, day: Days) {
        for dated in &mut self.values {
            dated.rows.retain(|r| r.published <= day);
            let next: Vec<Days> = dated.rows.iter().skip(1).map(|r| r.from).collect();
            for (i, row) in dated.rows.iter_mut().enumerate() {
                row.to =
                    next.get(i)
                        .copied()
                        .unwrap_or(if row.to <= day { row.to } else { Days::MAX });
            }
        }
        for list in &mut self.lists {
            let mut cut = std::mem::take(list);
            cut.rows.retain(|r| r.published <= day);
            for row in &mut cut.rows {
                if row.ended > day {
                    row.to = Days::MAX;
                }
            }
            *list = cut.ready(self.schema.vocabularies[0].words.len());
        }
    }
}

/// The values of a rule's folder.
fn values_of(source: &Source, schema: &Schema, folder: &str) -> Result<Vec<Dated>, LawError> {
    let file = format!("{folder}/values.toml");
    if source.text(&file).is_none() {
        return Ok(vec![]);
    }
    let (text, shapes): (_, ValuesFile) = spanned::parse(source, &file)?;
    let mut out = vec![];
    for (name, rows) in shapes {
        let Some(kind) = rows.first().and_then(|r| kind_of(r.value.get_ref())) else {
            return Err(LawError::of(
                &file,
                format!("what `{name}` is cannot be told from its value"),
            ));
        };
        let mut read = vec![];
        for (i, row) in rows.iter().enumerate() {
            let value = schema.value(kind, row.value.get_ref());
            let value = value.map_err(|m| LawError::at(&file, text, row.value.span().start, m))?;
            let next = rows.get(i + 1).map(|n| n.from);
            let to = row.to.or(next).map_or(Days::MAX, |d| d.days());
            if next.is_some_and(|n| n <= row.from) {
                let at = row.value.span().start;
                return Err(LawError::at(
                    &file,
                    text,
                    at,
                    "the next row does not begin later than this one",
                ));
            }
            read.push(value_row(row, value, to));
        }
        out.push(Dated {
            rule: folder.to_owned(),
            name,
            kind,
            rows: read,
        });
    }
    Ok(out)
}

fn value_row(row: &ValueShape, value: i64, to: Days) -> ValueRow {
    ValueRow {
        from: row.from.days(),
        to,
        value,
        cite: row.cite.clone(),
        url: row.url.clone(),
        published: row.published.unwrap_or(row.from).days(),
        note: row.note.clone(),
    }
}

/// A value says what it is: `"USD 14_000_000"`, `"3.2%"`, `15`, `2023-04-04`.
fn kind_of(value: &toml::Value) -> Option<Type> {
    match value {
        toml::Value::Integer(_) => Some(Type::Int),
        toml::Value::Datetime(_) => Some(Type::Date),
        toml::Value::String(s) if s.starts_with("USD ") => Some(Type::Money),
        toml::Value::String(s) if s.ends_with('%') => Some(Type::Rate),
        toml::Value::String(s) if s.ends_with(" days") => Some(Type::Int),
        _ => None,
    }
}

/// Every file of `lists/`.
fn lists(source: &Source, schema: &Schema) -> (Vec<List>, Vec<LawError>) {
    let (mut lists, mut faults) = (vec![], vec![]);
    for (file, _) in source.files() {
        let name = file
            .strip_prefix("lists/")
            .and_then(|n| n.strip_suffix(".toml"));
        let Some(name) = name else { continue };
        match list(source, schema, file, name) {
            Ok(list) => lists.push(list),
            Err(e) => faults.push(e),
        }
    }
    (lists, faults)
}

fn list(source: &Source, schema: &Schema, file: &str, name: &str) -> Result<List, LawError> {
    let (text, shape): (_, ListFile) = spanned::parse(source, file)?;
    let partners = &schema.vocabularies[0];
    let mut rows = vec![];
    for row in &shape.row {
        for member in row.members.get_ref() {
            let Some(member) = partners.number(member) else {
                let at = row.members.span().start;
                return Err(LawError::at(
                    file,
                    text,
                    at,
                    format!("`{member}` is no partner of partners.toml"),
                ));
            };
            rows.push(ListRow {
                member,
                from: row.from.days(),
                to: row.to.map_or(Days::MAX, |d| d.days()),
                stable: !row.draft,
                published: row.published.unwrap_or(row.from).days(),
                ended: row.end_published.or(row.to).map_or(Days::MAX, |d| d.days()),
                cite: row.cite.clone(),
                url: row.url.clone(),
            });
        }
    }
    let stretch = |s: &crate::shape::Stretch| (s.from.days(), s.to.map_or(Days::MAX, |d| d.days()));
    let list = List {
        name: name.replace('-', "_"),
        title: shape.title,
        completeness: shape.completeness,
        complete: shape.complete.iter().map(stretch).collect(),
        rows,
        ..List::default()
    };
    Ok(list.ready(partners.words.len()))
}
