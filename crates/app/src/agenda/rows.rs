//! The rows of the agenda: one a record, by kind, with its days beside it.

use super::{
    number_of,
    words::{Stamps, Words},
};
use rustc_hash::FxHashMap;
use symbolon_domain::{
    kind::{DELETED, FieldType, KindDef},
    kinds,
    record::{Record, RecordId},
};

/// No day is known.
pub(crate) const NO_DAY: i32 = i32::MIN;
/// No row, no stamp.
pub(super) const NONE: u32 = u32::MAX;

/// A state that the kind does not know: no set of states holds it.
const NO_STATE: u8 = 63;

/// A record that has days, or stands above one that has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The record.
    pub(crate) id: RecordId,
    /// Its stamp; none: the record is not there (yet, or any more).
    pub(crate) stamp: u32,
    /// The row above it: the line of a shipment, the case of a line.
    pub(super) above: u32,
    /// Case and line in words.
    pub(crate) frame: u32,
    /// Words of its own, in the order of the kind's word fields.
    pub(crate) words: [u32; 2],
    /// Place of its state among those of the kind.
    pub(crate) state: u8,
}

/// What the case and the line above a row say, and what decides who sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Frame {
    /// Stamp of the case.
    pub(crate) case: u32,
    /// Stamp of the line.
    pub(crate) line: u32,
    /// Authority of the case.
    pub(crate) authority: u32,
    /// Implementing agency of the case.
    pub(crate) agency: u32,
    /// Class of article of the line.
    pub(crate) commodity: u32,
}

const NO_FRAME: Frame = Frame {
    case: NONE,
    line: NONE,
    authority: 0,
    agency: 0,
    commodity: 0,
};

/// Frames by number; number nought is none.
pub(crate) struct Frames {
    pub(super) all: Vec<Frame>,
    number: FxHashMap<Frame, u32>,
}

impl Default for Frames {
    fn default() -> Self {
        Self {
            all: vec![NO_FRAME],
            number: FxHashMap::from_iter([(NO_FRAME, 0)]),
        }
    }
}

impl Frames {
    fn number(&mut self, frame: Frame) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(0);
        let number = *self.number.entry(frame).or_insert(next);
        if number == next {
            self.all.push(frame);
        }
        number
    }
}

/// The rows of one kind.
pub(crate) struct Rows {
    /// The kind.
    pub(crate) def: &'static KindDef,
    /// Its fields of days, in the order of the definition.
    pub(crate) fields: Vec<&'static str>,
    /// Fields whose words are kept.
    pub(crate) word_fields: &'static [&'static str],
    /// The field that names what stands above, and that kind.
    pub(super) above: Option<(&'static str, &'static str)>,
    /// Rows.
    pub(crate) all: Vec<Row>,
    /// Days of the rows, one row after the other.
    days: Vec<i32>,
    at: FxHashMap<RecordId, u32>,
}

impl Rows {
    fn of(kind: &str, dated: bool) -> Option<Self> {
        let def = kinds::by_code(kind)?;
        let dates = def.fields.iter();
        let dates = dates.filter(|f| dated && f.field_type == FieldType::Date);
        let field = |name: &str| def.field(name).is_some();
        Some(Self {
            def,
            fields: dates.map(|f| f.name.as_str()).collect(),
            word_fields: match kind {
                "case" => &["authority", "implementing_agency"],
                "case_line" => &["commodity"],
                _ if field("delay_cause") => &["delay_cause"],
                _ => &[],
            },
            above: match kind {
                "case" => None,
                _ if field("line") => Some(("line", "case_line")),
                _ if field("case") => Some(("case", "case")),
                _ => None,
            },
            all: vec![],
            days: vec![],
            at: FxHashMap::default(),
        })
    }

    /// The place of a field of days.
    pub(crate) fn place(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| *f == field)
    }

    /// A day of a row.
    pub(crate) fn day(&self, row: usize, place: usize) -> i32 {
        self.days[row * self.fields.len() + place]
    }

    /// States of the kind as bits.
    pub(crate) fn states(&self, of: &[&str]) -> u64 {
        let bit = |s: &&str| self.def.states.iter().position(|x| x == s);
        of.iter().filter_map(bit).fold(0, |all, n| all | 1 << n)
    }

    /// The row of a record; an empty one where it has none yet.
    fn slot(&mut self, id: RecordId) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(NONE);
        let at = *self.at.entry(id).or_insert(next);
        if at == next {
            self.all.push(Row {
                id,
                stamp: NONE,
                above: NONE,
                frame: 0,
                words: [0; 2],
                state: 0,
            });
            self.days
                .resize(self.days.len() + self.fields.len(), NO_DAY);
        }
        at
    }

    fn put_days(&mut self, at: u32, record: &Record) {
        let from = at as usize * self.fields.len();
        for (n, field) in self.fields.iter().enumerate() {
            let day = record.body[*field].as_str().and_then(|d| d.parse().ok());
            self.days[from + n] = day.map_or(NO_DAY, number_of);
        }
    }
}

/// The days of every record that has any, and the cases and lines above them.
#[derive(Default)]
pub(crate) struct Agenda {
    /// Entries of the journal before this one are in it.
    pub(super) until: i64,
    /// Rows by kind; what stands above comes first.
    pub(super) kinds: Vec<Rows>,
    pub(super) stamps: Stamps,
    pub(super) words: Words,
    pub(super) frames: Frames,
}

impl Agenda {
    /// An empty one for these kinds.
    pub(super) fn of(dated: &[&'static str]) -> Self {
        let above = ABOVE.into_iter();
        let others = dated.iter().copied().filter(|k| !ABOVE.contains(k));
        let all = above.chain(others);
        Self {
            kinds: all
                .filter_map(|k| Rows::of(k, dated.contains(&k)))
                .collect(),
            ..Self::default()
        }
    }

    /// The rows of a kind.
    pub(crate) fn rows(&self, kind: &str) -> Option<&Rows> {
        self.kinds.iter().find(|k| k.def.code == kind)
    }

    /// A word by its number.
    pub(crate) fn word(&self, number: u32) -> &str {
        self.words.word(number)
    }

    /// No stamp, of all there are: to mark those that are met.
    pub(crate) fn no_stamps(&self) -> Vec<bool> {
        vec![false; self.stamps.all.len()]
    }

    /// How many words there are.
    pub(crate) fn word_count(&self) -> usize {
        self.words.count()
    }

    /// How many frames there are.
    pub(crate) fn frame_count(&self) -> usize {
        self.frames.all.len()
    }

    /// The number of the partner of a row.
    pub(crate) fn partner(&self, row: &Row) -> u32 {
        self.stamps.all[row.stamp as usize].partner
    }

    /// The case and line of a row.
    pub(crate) fn frame(&self, row: &Row) -> Frame {
        self.frames.all[row.frame as usize]
    }

    /// Puts a record in place of what was known of it. Whether what stands below it reads otherwise now.
    pub(super) fn put(&mut self, place: usize, record: &Record) -> bool {
        let (envelope, body) = (&record.envelope, &record.body);
        if envelope.state == DELETED {
            return self.forget(place, envelope.id);
        }
        let above = self.kinds[place].above;
        let above = above.and_then(|(field, kind)| {
            let id = crate::gates::reference(body, field)?;
            let above = self.kinds.iter_mut().find(|k| k.def.code == kind)?;
            Some(above.slot(id))
        });
        let stamp = self.stamps.number(envelope, &mut self.words);
        let rows = &mut self.kinds[place];
        let at = rows.slot(envelope.id);
        rows.put_days(at, record);
        let mut words = [0; 2];
        for (word, field) in words.iter_mut().zip(rows.word_fields) {
            *word = self.words.number(body[*field].as_str().unwrap_or_default());
        }
        let state = rows.def.states.iter().position(|s| *s == envelope.state);
        let new = Row {
            id: envelope.id,
            stamp,
            above: above.unwrap_or(NONE),
            frame: 0,
            words,
            state: state.and_then(|s| u8::try_from(s).ok()).unwrap_or(NO_STATE),
        };
        let old = std::mem::replace(&mut rows.all[at as usize], new);
        let frame = self.frame_of(place, &new);
        self.kinds[place].all[at as usize].frame = frame;
        let said = |r: &Row| (r.stamp, r.above, r.words);
        ABOVE.contains(&self.kinds[place].def.code) && said(&old) != said(&new)
    }

    /// Forgets a record that is no more. Whether what stands below it reads otherwise now.
    pub(super) fn forget(&mut self, place: usize, id: RecordId) -> bool {
        let rows = &mut self.kinds[place];
        if let Some(at) = rows.at.get(&id) {
            rows.all[*at as usize].stamp = NONE;
        }
        ABOVE.contains(&rows.def.code)
    }

    /// Says anew what stands above each row.
    pub(super) fn frame_all(&mut self) {
        for place in 0..self.kinds.len() {
            for at in 0..self.kinds[place].all.len() {
                let row = self.kinds[place].all[at];
                self.kinds[place].all[at].frame = self.frame_of(place, &row);
            }
        }
    }

    fn frame_of(&mut self, place: usize, row: &Row) -> u32 {
        let rows = &self.kinds[place];
        let over = rows.above.and_then(|(_, kind)| self.rows(kind));
        let over = over.and_then(|k| k.all.get(row.above as usize));
        let over = over.filter(|o| o.stamp != NONE);
        let over = over.map_or(NO_FRAME, |o| self.frames.all[o.frame as usize]);
        let frame = match rows.def.code {
            "case" => of_case(row),
            "case_line" => of_line(row, over),
            _ => over,
        };
        self.frames.number(frame)
    }
}

const ABOVE: [&str; 2] = ["case", "case_line"];

fn of_case(row: &Row) -> Frame {
    Frame {
        case: row.stamp,
        authority: row.words[0],
        agency: row.words[1],
        ..NO_FRAME
    }
}

fn of_line(row: &Row, case: Frame) -> Frame {
    Frame {
        line: row.stamp,
        commodity: row.words[0],
        ..case
    }
}
