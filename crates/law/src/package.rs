//! Packages: what is asked about. A package is a set of stated facts; everything not stated is not
//! known. Read from TOML, JSON or CSV.

use crate::error::LawError;
use crate::schema::{Schema, Type, UNKNOWN};

/// One package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What it is called; may be empty.
    pub name: String,
    /// A number for each fact of the schema; [`UNKNOWN`] where nothing is stated.
    pub facts: Vec<i64>,
    /// Whether facts that are not known and have a clear value count as clear. The answer lists them.
    pub assume: bool,
}

/// Keys that are not facts.
const NAME: &str = "name";
const ASSUME: &str = "assume";

impl Package {
    /// A package that states nothing.
    #[must_use]
    pub fn empty(schema: &Schema) -> Self {
        Self {
            name: String::new(),
            facts: vec![UNKNOWN; schema.facts.len()],
            assume: false,
        }
    }

    /// States one fact.
    ///
    /// # Errors
    /// Where there is no such fact, or the value is none of its type.
    pub fn state(
        &mut self,
        schema: &Schema,
        fact: &str,
        value: &toml::Value,
    ) -> Result<(), String> {
        if fact == NAME {
            self.name = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            return Ok(());
        }
        if fact == ASSUME {
            return match value.as_str() {
                Some("clear") => {
                    self.assume = true;
                    Ok(())
                }
                Some("nothing") => Ok(()),
                _ => Err("`assume` is \"clear\" or \"nothing\"".to_owned()),
            };
        }
        let Some(i) = schema.fact(fact) else {
            return Err(format!(
                "there is no fact `{fact}`: `symbolon law facts` lists them"
            ));
        };
        let i = usize::from(i);
        self.facts[i] = schema
            .value(schema.facts[i].kind, value)
            .map_err(|m| format!("{fact}: {m}"))?;
        Ok(())
    }

    /// A package from a table.
    ///
    /// # Errors
    /// The first fact that does not fit.
    pub fn from_table(schema: &Schema, table: &toml::Table) -> Result<Self, String> {
        let mut package = Self::empty(schema);
        for (fact, value) in table {
            package.state(schema, fact, value)?;
        }
        Ok(package)
    }
}

/// Packages of a TOML file: one at the top, or several under `[[package]]`, which take what stands
/// at the top as common to all.
///
/// # Errors
/// With line and column of what cannot be read.
pub fn from_toml(schema: &Schema, file: &str, text: &str) -> Result<Vec<Package>, LawError> {
    let mut table: toml::Table = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        LawError::at(file, text, at, e.message().to_owned())
    })?;
    let several = table.remove("package");
    let fault = |m: String| place(file, text, m);
    let Some(several) = several else {
        return Ok(vec![Package::from_table(schema, &table).map_err(fault)?]);
    };
    let Some(several) = several.as_array() else {
        return Err(LawError::of(
            file,
            "`package` is a list of tables: [[package]]",
        ));
    };
    let mut out = vec![];
    for one in several {
        let mut all = table.clone();
        all.extend(one.as_table().cloned().unwrap_or_default());
        out.push(Package::from_table(schema, &all).map_err(fault)?);
    }
    Ok(out)
}

/// A fault at the line where the fact it names is stated.
fn place(file: &str, text: &str, message: String) -> LawError {
    let quoted = message.split('`').nth(1).unwrap_or("").to_owned();
    let named = message.split(':').next().unwrap_or("").to_owned();
    for key in [quoted, named].into_iter().filter(|k| !k.is_empty()) {
        let found = text.match_indices(key.as_str()).find(|(i, _)| {
            text[..*i]
                .rsplit('\n')
                .next()
                .is_some_and(|l| l.trim().is_empty())
        });
        if let Some((at, _)) = found {
            return LawError::at(file, text, at, message);
        }
    }
    LawError::of(file, message)
}

/// Packages of a JSON text: an object, or a list of objects.
///
/// # Errors
/// Where it is no JSON, or a fact does not fit.
pub fn from_json(schema: &Schema, file: &str, text: &str) -> Result<Vec<Package>, LawError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| LawError {
        file: file.to_owned(),
        line: e.line(),
        column: e.column(),
        message: "this is no JSON".to_owned(),
    })?;
    let one = |v: &serde_json::Value| from_object(schema, v).map_err(|m| place(file, text, m));
    match &value {
        serde_json::Value::Array(all) => all.iter().map(one).collect(),
        _ => Ok(vec![one(&value)?]),
    }
}

/// A package from a JSON object; `null` is the same as not stated.
///
/// # Errors
/// The first fact that does not fit.
pub fn from_object(schema: &Schema, value: &serde_json::Value) -> Result<Package, String> {
    let Some(object) = value.as_object() else {
        return Err("a package is an object of facts".to_owned());
    };
    from_members(schema, object).map_err(|faults| {
        let first = faults.into_iter().next();
        first.map_or_else(String::new, |f| f.message)
    })
}

/// A member of a package that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFault {
    /// The member.
    pub member: String,
    /// What is wrong with it.
    pub message: String,
}

/// A package from the members of a JSON object; `null` is the same as not stated.
///
/// # Errors
/// Every member that does not fit.
pub fn from_members(
    schema: &Schema,
    members: &serde_json::Map<String, serde_json::Value>,
) -> Result<Package, Vec<MemberFault>> {
    let mut package = Package::empty(schema);
    let mut faults = vec![];
    for (member, value) in members {
        let stated = match plain(value) {
            Ok(None) => continue,
            Ok(Some(value)) => package.state(schema, member, &value),
            Err(message) => Err(format!("{member}: {message}")),
        };
        if let Err(message) = stated {
            faults.push(MemberFault {
                member: member.clone(),
                message,
            });
        }
    }
    if faults.is_empty() {
        Ok(package)
    } else {
        Err(faults)
    }
}

/// A JSON value as TOML; nothing for `null`.
fn plain(value: &serde_json::Value) -> Result<Option<toml::Value>, &'static str> {
    Ok(Some(match value {
        serde_json::Value::Null => return Ok(None),
        serde_json::Value::Bool(b) => toml::Value::Boolean(*b),
        serde_json::Value::String(s) => toml::Value::String(s.clone()),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => toml::Value::Integer(i),
            None => toml::Value::String(n.to_string()),
        },
        _ => return Err("a fact is one value"),
    }))
}

/// Packages of a CSV text: a head line of facts, one package a row; an empty cell states nothing.
///
/// # Errors
/// With the line of what cannot be read.
pub fn from_csv(schema: &Schema, file: &str, text: &str) -> Result<Vec<Package>, LawError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let fault = |line: usize, column: usize, message: String| LawError {
        file: file.to_owned(),
        line,
        column,
        message,
    };
    let heads = reader
        .headers()
        .map_err(|e| fault(1, 1, e.to_string()))?
        .clone();
    let mut out = vec![];
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|e| fault(row + 2, 1, e.to_string()))?;
        let line = record.position().map_or(row + 2, |p| p.line() as usize);
        let cells = heads.iter().zip(record.iter());
        out.push(from_cells(schema, file, line, cells)?);
    }
    Ok(out)
}

/// A package of a row: each cell with the head of its column; an empty cell states nothing.
///
/// # Errors
/// With line and column of what does not fit.
pub fn from_cells<'a>(
    schema: &Schema,
    file: &str,
    line: usize,
    cells: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Package, LawError> {
    let mut package = Package::empty(schema);
    for (i, (head, cell)) in cells.enumerate() {
        if cell.trim().is_empty() {
            continue;
        }
        let value = toml::Value::String(cell.trim().to_owned());
        let stated = package.state(schema, head.trim(), &value);
        stated.map_err(|message| LawError {
            file: file.to_owned(),
            line,
            column: i + 1,
            message,
        })?;
    }
    Ok(package)
}

/// A package as a TOML table, for examples and for what a determination freezes.
#[must_use]
pub fn to_toml(schema: &Schema, package: &Package) -> String {
    let mut out = String::new();
    if package.assume {
        out.push_str("assume = \"clear\"\n");
    }
    for (fact, value) in schema.facts.iter().zip(&package.facts) {
        if *value == UNKNOWN {
            continue;
        }
        let shown = match fact.kind {
            Type::Bool | Type::Int | Type::Date => schema.show(fact.kind, *value),
            Type::Money => format!(
                "\"USD {}\"",
                symbolon_domain::money::Cents(*value).decimal()
            ),
            Type::Rate | Type::Word(_) => format!("\"{}\"", schema.show(fact.kind, *value)),
        };
        out.push_str(&format!("{} = {shown}\n", fact.name));
    }
    out
}
