//! Packages as columns: each fact in the narrowest form its type allows, so that many packages pass
//! through memory quickly.

use crate::package::Package;
use crate::schema::{Schema, Type, UNKNOWN};

/// A word that is not known, in a column of words.
pub const NO_WORD: u16 = u16::MAX;
/// A day that is not known, in a column of days.
pub const NO_DAY: i32 = i32::MIN;

/// The values of one fact over all packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// No package states it.
    Nothing,
    /// Truths as the bits of [`crate::tri::Tri`].
    Truths(Vec<u8>),
    /// Words by number.
    Words(Vec<u16>),
    /// Days since 1970-01-01.
    Days(Vec<i32>),
    /// Amounts, rates, whole numbers.
    Numbers(Vec<i64>),
}

impl Column {
    fn empty(kind: Type, rows: usize) -> Self {
        match kind {
            Type::Bool => Self::Truths(vec![1; rows]),
            Type::Word(_) => Self::Words(vec![NO_WORD; rows]),
            Type::Date => Self::Days(vec![NO_DAY; rows]),
            Type::Int | Type::Money | Type::Rate => Self::Numbers(vec![UNKNOWN; rows]),
        }
    }

    fn set(&mut self, row: usize, value: i64) {
        match self {
            Self::Nothing => {}
            Self::Truths(v) => v[row] = if value == 0 { 0 } else { 3 },
            Self::Words(v) => v[row] = u16::try_from(value).unwrap_or(NO_WORD),
            Self::Days(v) => v[row] = i32::try_from(value).unwrap_or(NO_DAY),
            Self::Numbers(v) => v[row] = value,
        }
    }

    /// The value of a row; [`UNKNOWN`] where none is stated.
    #[must_use]
    pub fn get(&self, row: usize) -> i64 {
        match self {
            Self::Nothing => UNKNOWN,
            Self::Truths(v) => match v[row] {
                0 => 0,
                3 => 1,
                _ => UNKNOWN,
            },
            Self::Words(v) => {
                if v[row] == NO_WORD {
                    UNKNOWN
                } else {
                    i64::from(v[row])
                }
            }
            Self::Days(v) => {
                if v[row] == NO_DAY {
                    UNKNOWN
                } else {
                    i64::from(v[row])
                }
            }
            Self::Numbers(v) => v[row],
        }
    }
}

/// Many packages.
#[derive(Clone, Debug)]
pub struct Columns {
    /// How many.
    pub rows: usize,
    /// One column for each fact of the schema.
    pub facts: Vec<Column>,
    /// Whether facts that are not known count as clear.
    pub assume: bool,
}

impl Columns {
    /// Packages that state nothing yet.
    #[must_use]
    pub fn new(schema: &Schema, rows: usize, assume: bool) -> Self {
        Self {
            rows,
            facts: vec![Column::Nothing; schema.facts.len()],
            assume,
        }
    }

    /// Packages in columns. All assume the same: as the first.
    #[must_use]
    pub fn of(schema: &Schema, packages: &[Package]) -> Self {
        let assume = packages.first().is_some_and(|p| p.assume);
        let mut columns = Self::new(schema, packages.len(), assume);
        for (row, package) in packages.iter().enumerate() {
            for (fact, value) in package.facts.iter().enumerate() {
                columns.set(schema, fact as u16, row, *value);
            }
        }
        columns
    }

    /// States a fact for a row.
    pub fn set(&mut self, schema: &Schema, fact: u16, row: usize, value: i64) {
        if value == UNKNOWN {
            return;
        }
        let fact = usize::from(fact);
        if self.facts[fact] == Column::Nothing {
            self.facts[fact] = Column::empty(schema.facts[fact].kind, self.rows);
        }
        self.facts[fact].set(row, value);
    }

    /// One row as a package.
    #[must_use]
    pub fn package(&self, row: usize) -> Package {
        Package {
            name: String::new(),
            facts: self.facts.iter().map(|c| c.get(row)).collect(),
            assume: self.assume,
        }
    }
}
