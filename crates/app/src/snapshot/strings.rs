//! The strings of the text columns over all data sets, numbered in order.

use super::{scan, text};
use crate::{App, DatasetRef, Result};
use std::collections::BTreeMap;
use symbolon_insight::{bits::Bits, rows::Rows};
use symbolon_store::facts::{TRAINING_OVERLAY, TRAINING_TEXT, row_number};

/// More strings than any report has; what a record claims is not to be believed beyond it.
const MOST_STRINGS: usize = 1 << 26;

/// Room for a mark on each string of a data set.
pub(super) fn room(dataset: &DatasetRef) -> Bits {
    let roots = &dataset.dataset.roots;
    let strings = roots.get(TRAINING_TEXT.name).map_or(0, |r| r.rows);
    Bits::below(usize::try_from(strings).unwrap_or(0).min(MOST_STRINGS) + 1)
}

/// Distinct strings, each with the data sets that use it and their own numbers of it.
#[derive(Default)]
pub(super) struct Strings(BTreeMap<Box<str>, Vec<(i64, u32)>>);

impl Strings {
    /// Reads the strings of a data set that its rows use, and those that repairs put in their place.
    pub(super) fn read(&mut self, app: &App, dataset: &DatasetRef, used: &Bits) -> Result<()> {
        let number = dataset.dataset.number;
        scan(app, &TRAINING_TEXT, dataset, &mut |id, cells| {
            let own = row_number(id);
            if used.has(own) {
                let places = self.0.entry(text(cells[0]).into()).or_default();
                places.push((number, own));
            }
        })?;
        let read = TRAINING_OVERLAY.column("read").unwrap_or(0);
        scan(app, &TRAINING_OVERLAY, dataset, &mut |_, cells| {
            self.0.entry(text(cells[read]).into()).or_default();
        })
    }

    /// Numbers the strings in their order, in the rows too.
    pub(super) fn settle(self, rows: &mut Rows) -> Vec<Box<str>> {
        let mut numbers: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        let mut strings = Vec::with_capacity(self.0.len());
        for (n, (string, places)) in (0..).zip(self.0) {
            strings.push(string);
            for (dataset, own) in places {
                let numbers = numbers.entry(dataset).or_default();
                let at = own as usize;
                if numbers.len() <= at {
                    numbers.resize(at + 1, 0);
                }
                numbers[at] = n;
            }
        }
        for (dataset, numbers) in numbers {
            rows.renumber(dataset, &numbers);
        }
        strings
    }
}
