//! The facts a package may state: name, type, allowed words, help. One file, `facts.toml`, defines
//! them; forms, the reference page and the type checker read the same definitions.

use crate::day;
use crate::error::LawError;
use crate::source::Source;
use crate::spanned::{self, At};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// Stands in a column where nothing is known.
pub const UNKNOWN: i64 = i64::MIN;

/// What sort of thing a fact, a value or an expression is. All are whole numbers inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// US cents.
    Money,
    /// Millionths: 3.2% is 32,000.
    Rate,
    /// Days since 1970-01-01.
    Date,
    /// A word of a vocabulary, by number.
    Word(u16),
}

/// A closed list of words, with their meaning.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Its name in `facts.toml`.
    pub name: String,
    /// Words and what they mean, in order.
    pub words: Vec<(String, String)>,
    numbers: HashMap<String, i64>,
}

impl Vocabulary {
    fn new(name: &str, words: Vec<(String, String)>) -> Self {
        let number = |(i, (w, _)): (usize, &(String, String))| (w.clone(), i as i64);
        Self {
            name: name.to_owned(),
            numbers: words.iter().enumerate().map(number).collect(),
            words,
        }
    }

    /// The number of a word.
    #[must_use]
    pub fn number(&self, word: &str) -> Option<i64> {
        self.numbers.get(word).copied()
    }

    /// The word of a number.
    #[must_use]
    pub fn word(&self, number: i64) -> Option<&str> {
        let i = usize::try_from(number).ok()?;
        self.words.get(i).map(|(w, _)| w.as_str())
    }
}

/// One fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its key in a package.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// Its name for people.
    pub label: String,
    /// What to state, in which unit.
    pub help: String,
    /// Where it belongs on a form.
    pub group: String,
    /// How to find it where a package does not state it: an expression and where it stands.
    pub derive: Option<At>,
    /// The value that blocks nothing; taken only where a package asks for it (`assume = "clear"`).
    pub clear: Option<i64>,
    /// Whether the one who asks could act otherwise.
    pub changeable: bool,
}

/// Every fact and vocabulary.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// In the order of the file.
    pub facts: Vec<Fact>,
    /// In the order of the file; `partner` first.
    pub vocabularies: Vec<Vocabulary>,
    numbers: HashMap<String, u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: BTreeMap<String, BTreeMap<String, String>>,
    fact: Vec<FactShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactShape {
    name: toml::Spanned<String>,
    #[serde(rename = "type")]
    kind: toml::Spanned<String>,
    label: String,
    help: String,
    group: String,
    derive: Option<toml::Spanned<String>>,
    clear: Option<toml::Spanned<toml::Value>>,
    #[serde(default = "yes")]
    changeable: bool,
}

fn yes() -> bool {
    true
}

const FACTS: &str = "facts.toml";
const PARTNERS: &str = "partners.toml";

impl Schema {
    /// Reads `facts.toml` and `partners.toml`.
    ///
    /// # Errors
    /// Every fault found, with its place.
    pub fn read(source: &Source) -> Result<Self, Vec<LawError>> {
        let one = |e| vec![e];
        let (text, file): (_, File) = spanned::parse(source, FACTS).map_err(one)?;
        let (_, partners): (_, BTreeMap<String, String>) =
            spanned::parse(source, PARTNERS).map_err(one)?;
        let mut schema = Self::default();
        let mut add = |name: &str, words: BTreeMap<String, String>| {
            let vocabulary = Vocabulary::new(name, words.into_iter().collect());
            schema.vocabularies.push(vocabulary);
        };
        add("partner", partners);
        file.words.into_iter().for_each(|(n, w)| add(&n, w));
        let mut faults = vec![];
        for shape in file.fact {
            if let Err(e) = schema.add(text, shape) {
                faults.push(e);
            }
        }
        if faults.is_empty() {
            Ok(schema)
        } else {
            Err(faults)
        }
    }

    fn add(&mut self, text: &str, shape: FactShape) -> Result<(), LawError> {
        let fault = |at: usize, m: String| LawError::at(FACTS, text, at, m);
        let name = shape.name.get_ref().clone();
        let Some(kind) = self.kind(shape.kind.get_ref()) else {
            let message = format!(
                "`{}` is neither a type nor a vocabulary",
                shape.kind.get_ref()
            );
            return Err(fault(shape.kind.span().start, message));
        };
        if self.numbers.contains_key(&name) {
            return Err(fault(
                shape.name.span().start,
                format!("fact `{name}` is defined twice"),
            ));
        }
        let clear = match &shape.clear {
            None => None,
            Some(v) => Some(
                self.value(kind, v.get_ref())
                    .map_err(|m| fault(v.span().start, m))?,
            ),
        };
        let derive = shape.derive.as_ref().map(|d| At::of(FACTS, text, d));
        self.numbers.insert(name.clone(), self.facts.len() as u16);
        self.facts.push(Fact {
            name,
            kind,
            label: shape.label,
            help: shape.help,
            group: shape.group,
            derive,
            clear,
            changeable: shape.changeable,
        });
        Ok(())
    }

    fn kind(&self, name: &str) -> Option<Type> {
        let plain = match name {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "money" => Type::Money,
            "rate" => Type::Rate,
            "date" => Type::Date,
            _ => {
                let i = self.vocabularies.iter().position(|v| v.name == name)?;
                Type::Word(i as u16)
            }
        };
        Some(plain)
    }

    /// Number of a fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// Name of a type for people and messages.
    #[must_use]
    pub fn type_name(&self, kind: Type) -> &str {
        match kind {
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Money => "money",
            Type::Rate => "rate",
            Type::Date => "date",
            Type::Word(v) => self
                .vocabularies
                .get(usize::from(v))
                .map_or("?", |v| &v.name),
        }
    }

    /// Reads a text as a value of a type.
    ///
    /// # Errors
    /// What was wanted instead.
    pub fn parse(&self, kind: Type, text: &str) -> Result<i64, String> {
        let text = text.trim();
        let wrong = |wanted: &str| format!("`{text}` is not {wanted}");
        match kind {
            Type::Bool => match text {
                "true" | "yes" => Ok(1),
                "false" | "no" => Ok(0),
                _ => Err(wrong("true or false")),
            },
            Type::Int => number(text.trim_end_matches("days").trim(), 0)
                .ok_or_else(|| wrong("a whole number")),
            Type::Money => number(text.trim_start_matches("USD").trim(), 2)
                .ok_or_else(|| wrong("an amount of US dollars, such as `USD 14_000_000`")),
            Type::Rate => text
                .strip_suffix('%')
                .and_then(|t| number(t.trim(), 4))
                .ok_or_else(|| wrong("a rate, such as `3.2%`")),
            Type::Date => text
                .parse::<jiff::civil::Date>()
                .map(|d| day::Day(d).days())
                .map_err(|_| wrong("a day, such as `2023-04-04`")),
            Type::Word(v) => {
                let vocabulary = &self.vocabularies[usize::from(v)];
                vocabulary.number(text).ok_or_else(|| {
                    format!(
                        "`{text}` is no word of `{}`{}",
                        vocabulary.name,
                        near(text, vocabulary)
                    )
                })
            }
        }
    }

    /// Reads a TOML value as a value of a type.
    ///
    /// # Errors
    /// What was wanted instead.
    pub fn value(&self, kind: Type, value: &toml::Value) -> Result<i64, String> {
        match (kind, value) {
            (Type::Bool, toml::Value::Boolean(b)) => Ok(i64::from(*b)),
            (Type::Int, toml::Value::Integer(i)) => Ok(*i),
            (Type::Money, toml::Value::Integer(i)) => i
                .checked_mul(100)
                .ok_or_else(|| "the amount is too large".to_owned()),
            (Type::Date, toml::Value::Datetime(d)) => self.parse(kind, &d.to_string()),
            (_, toml::Value::String(s)) => self.parse(kind, s),
            (_, other) => self.parse(kind, &other.to_string()),
        }
    }

    /// A value as people write it.
    #[must_use]
    pub fn show(&self, kind: Type, value: i64) -> String {
        if value == UNKNOWN {
            return "not known".to_owned();
        }
        match kind {
            Type::Bool => (value != 0).to_string(),
            Type::Int => value.to_string(),
            Type::Money => dollars(value),
            Type::Rate => {
                let text = format!("{}.{:04}", value / 10_000, value.rem_euclid(10_000));
                format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
            }
            Type::Date => day::written(value),
            Type::Word(v) => {
                let vocabulary = self.vocabularies.get(usize::from(v));
                vocabulary
                    .and_then(|v| v.word(value))
                    .unwrap_or("?")
                    .to_owned()
            }
        }
    }
}

/// Dollars with separators, cents only where there are some.
fn dollars(cents: i64) -> String {
    use symbolon_domain::money::grouped;
    let sign = if cents < 0 { "-" } else { "" };
    let all = cents.unsigned_abs();
    let tail = if all.is_multiple_of(100) {
        String::new()
    } else {
        format!(".{:02}", all % 100)
    };
    format!("{sign}${}{tail}", grouped(all / 100))
}

/// A decimal number times a power of ten; underscores and commas between digits are allowed.
fn number(text: &str, places: usize) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    if part.len() > places || whole.is_empty() || part.contains(['-', '+']) {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

/// `, perhaps ...` where a word is near.
fn near(text: &str, vocabulary: &Vocabulary) -> String {
    let alike =
        |w: &&(String, String)| w.0.eq_ignore_ascii_case(text) || w.1.eq_ignore_ascii_case(text);
    let found = vocabulary.words.iter().find(alike);
    found.map_or_else(String::new, |(w, _)| format!("; perhaps `{w}` is meant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_rates_are_exact() {
        let s = Schema::default();
        assert_eq!(s.parse(Type::Money, "USD 14_000_000"), Ok(1_400_000_000));
        assert_eq!(s.parse(Type::Money, "13,900,000.50"), Ok(1_390_000_050));
        assert_eq!(s.parse(Type::Rate, "3.2%"), Ok(32_000));
        assert!(s.parse(Type::Money, "USD 1.005").is_err());
        assert_eq!(s.show(Type::Rate, 32_000), "3.2%");
        assert_eq!(s.show(Type::Money, 1_390_000_050), "$13,900,000.50");
    }
}
