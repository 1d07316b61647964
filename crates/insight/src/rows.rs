//! The rows of training reports as columns in memory, in the order printed.

use crate::order::MISSING;

/// A row on its way into the columns. Numbers of strings are the caller's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the reading")]
pub struct Row {
    pub id: i64,
    pub partner: u16,
    pub fiscal_year: i16,
    pub account: u16,
    pub phase: u8,
    pub kind: u8,
    pub start_day: i32,
    pub end_day: i32,
    pub quantity: Option<i64>,
    pub cost_cents: Option<i64>,
    pub program: u32,
    pub course: u32,
    pub us_unit: u32,
    pub unit: u32,
    pub location: u32,
    pub findings: u32,
}

/// A column of strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextColumn {
    /// Programme as printed.
    Program,
    /// Course title.
    Course,
    /// Unit that trains.
    UsUnit,
    /// Unit trained.
    Unit,
    /// Place.
    Location,
}

impl TextColumn {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Program,
        Self::Course,
        Self::UsUnit,
        Self::Unit,
        Self::Location,
    ];
}

/// Rows column by column. They are gathered here and then made into
/// [`Columns`](crate::columns::Columns).
#[derive(Debug, Default)]
pub struct Rows {
    pub(crate) id: Vec<i64>,
    pub(crate) partner: Vec<u16>,
    pub(crate) fiscal_year: Vec<i16>,
    pub(crate) account: Vec<u16>,
    pub(crate) phase_kind: Vec<u8>,
    pub(crate) start_day: Vec<i32>,
    pub(crate) end_day: Vec<i32>,
    pub(crate) quantity: Vec<i64>,
    pub(crate) cost: Vec<i64>,
    program: Vec<u32>,
    course: Vec<u32>,
    us_unit: Vec<u32>,
    unit: Vec<u32>,
    location: Vec<u32>,
    pub(crate) findings: Vec<u32>,
}

impl Rows {
    /// Adds a row; rows come in order of their ids.
    pub fn push(&mut self, row: &Row) {
        self.id.push(row.id);
        self.partner.push(row.partner);
        self.fiscal_year.push(row.fiscal_year);
        self.account.push(row.account);
        self.phase_kind.push(row.phase << 4 | row.kind & 15);
        self.start_day.push(row.start_day);
        self.end_day.push(row.end_day);
        self.quantity.push(row.quantity.unwrap_or(MISSING));
        self.cost.push(row.cost_cents.unwrap_or(MISSING));
        self.program.push(row.program);
        self.course.push(row.course);
        self.us_unit.push(row.us_unit);
        self.unit.push(row.unit);
        self.location.push(row.location);
        self.findings.push(row.findings);
    }

    /// Marks findings on a row by its id.
    pub fn mark(&mut self, id: i64, findings: u32) {
        if let Ok(at) = self.id.binary_search(&id) {
            self.findings[at] |= findings;
        }
    }

    /// Replaces the string of a column on a row: a cell read differently from how it is printed.
    pub fn reread(&mut self, id: i64, column: TextColumn, string: u32) {
        if let Ok(at) = self.id.binary_search(&id) {
            self.text_mut(column)[at] = string;
        }
    }

    /// Gives the strings of a data set's rows other numbers; a string without one gets 0.
    pub fn renumber(&mut self, dataset: i64, numbers: &[u32]) {
        let stretch = self.stretch(dataset);
        for column in TextColumn::ALL {
            for string in &mut self.text_mut(column)[stretch.clone()] {
                *string = numbers.get(*string as usize).copied().unwrap_or(0);
            }
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    fn text_mut(&mut self, column: TextColumn) -> &mut Vec<u32> {
        match column {
            TextColumn::Program => &mut self.program,
            TextColumn::Course => &mut self.course,
            TextColumn::UsUnit => &mut self.us_unit,
            TextColumn::Unit => &mut self.unit,
            TextColumn::Location => &mut self.location,
        }
    }

    pub(crate) fn text(&self, column: TextColumn) -> &[u32] {
        match column {
            TextColumn::Program => &self.program,
            TextColumn::Course => &self.course,
            TextColumn::UsUnit => &self.us_unit,
            TextColumn::Unit => &self.unit,
            TextColumn::Location => &self.location,
        }
    }

    /// The first day as a number to sort by.
    pub(crate) fn start(&self, i: usize) -> i64 {
        match self.start_day[i] {
            i32::MIN => MISSING,
            day => day.into(),
        }
    }

    /// The rows of a data set: they lie together.
    pub(crate) fn stretch(&self, dataset: i64) -> std::ops::Range<usize> {
        let from = self.id.partition_point(|id| *id < dataset << 32);
        let to = self.id.partition_point(|id| *id < (dataset + 1) << 32);
        from..to
    }

    /// A row by its id.
    #[must_use]
    pub fn row(&self, id: i64) -> Option<Row> {
        self.id.binary_search(&id).ok().map(|i| self.at(i))
    }

    /// Every row, in order.
    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.len()).map(|i| self.at(i))
    }

    /// A row by its position.
    pub(crate) fn at(&self, i: usize) -> Row {
        let present = |n: i64| (n != MISSING).then_some(n);
        Row {
            id: self.id[i],
            partner: self.partner[i],
            fiscal_year: self.fiscal_year[i],
            account: self.account[i],
            phase: self.phase_kind[i] >> 4,
            kind: self.phase_kind[i] & 15,
            start_day: self.start_day[i],
            end_day: self.end_day[i],
            quantity: present(self.quantity[i]),
            cost_cents: present(self.cost[i]),
            program: self.program[i],
            course: self.course[i],
            us_unit: self.us_unit[i],
            unit: self.unit[i],
            location: self.location[i],
            findings: self.findings[i],
        }
    }

    /// The rows before and after an id within its data set.
    #[must_use]
    pub fn neighbours(&self, id: i64) -> (Option<i64>, Option<i64>) {
        let Ok(at) = self.id.binary_search(&id) else {
            return (None, None);
        };
        let same = |other: &i64| other >> 32 == id >> 32;
        let before = at.checked_sub(1).and_then(|i| self.id.get(i)).copied();
        (
            before.filter(same),
            self.id.get(at + 1).copied().filter(same),
        )
    }
}
