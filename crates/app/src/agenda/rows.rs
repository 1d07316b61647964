//! The rows of the agenda: one a record, by kind, with its days beside it.

use super::{
    number_of,
    words::{Numbers, Stamps, Words},
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

/// What is said of a record beside its days: rows of one class are seen alike, grouped alike and in one state.
/// Classes are few, however many rows are of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Class {
    /// Its stamp; none: the record is not there (yet, or any more).
    pub(crate) stamp: u32,
    /// Case and line in words.
    pub(crate) frame: u32,
    /// Words of its own, in the order of the kind's word fields.
    pub(crate) words: [u32; 2],
    /// Place of its state among those of the kind.
    pub(crate) state: u8,
}

/// The class of records that are not there; the first of each kind.
const ABSENT: Class = Class {
    stamp: NONE,
    frame: 0,
    words: [0; 2],
    state: NO_STATE,
};

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

/// The rows of one kind, column by column: a walk touches only what it looks at.
pub(crate) struct Rows {
    /// The kind.
    pub(crate) def: &'static KindDef,
    /// Its fields of days, in the order of the definition.
    pub(crate) fields: Vec<&'static str>,
    /// Fields whose words are kept.
    pub(crate) word_fields: &'static [&'static str],
    /// The field that names what stands above, and that kind.
    pub(super) above: Option<(&'static str, &'static str)>,
    /// Records.
    ids: Vec<RecordId>,
    /// The row above: the line of a shipment, the case of a line.
    over: Vec<u32>,
    /// Classes of the rows.
    class: Vec<u32>,
    /// Days of the rows, a column a field.
    days: Vec<Vec<i32>>,
    classes: Numbers<Class>,
    at: FxHashMap<RecordId, u32>,
}

impl Rows {
    fn of(kind: &str, dated: bool) -> Option<Self> {
        let def = kinds::by_code(kind)?;
        let dates = def.fields.iter();
        let dates = dates.filter(|f| dated && f.field_type == FieldType::Date);
        let fields: Vec<&str> = dates.map(|f| f.name.as_str()).collect();
        let field = |name: &str| def.field(name).is_some();
        Some(Self {
            def,
            days: vec![vec![]; fields.len()],
            fields,
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
            ids: vec![],
            over: vec![],
            class: vec![],
            classes: Numbers::beginning(ABSENT),
            at: FxHashMap::default(),
        })
    }

    /// The place of a field of days.
    pub(crate) fn place(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| *f == field)
    }

    /// The record of a row.
    pub(crate) fn id(&self, row: usize) -> Option<RecordId> {
        self.ids.get(row).copied()
    }

    /// Days of all rows, of the field at a place.
    pub(crate) fn days(&self, place: usize) -> &[i32] {
        &self.days[place]
    }

    /// The number of the class of each row.
    pub(crate) fn class_of(&self) -> &[u32] {
        &self.class
    }

    /// Classes, by number.
    pub(crate) fn classes(&self) -> &[Class] {
        self.classes.all()
    }

    /// States of the kind as bits.
    pub(crate) fn states(&self, of: &[&str]) -> u64 {
        let bit = |s: &&str| self.def.states.iter().position(|x| x == s);
        of.iter().filter_map(bit).fold(0, |all, n| all | 1 << n)
    }

    /// The row of a record; an empty one where it has none yet.
    fn slot(&mut self, id: RecordId) -> u32 {
        let next = u32::try_from(self.ids.len()).unwrap_or(NONE);
        let at = *self.at.entry(id).or_insert(next);
        if at == next {
            self.ids.push(id);
            self.over.push(NONE);
            self.class.push(0);
            self.days.iter_mut().for_each(|days| days.push(NO_DAY));
        }
        at
    }

    fn put_days(&mut self, at: u32, record: &Record) {
        for (days, field) in self.days.iter_mut().zip(&self.fields) {
            let day = record.body[*field].as_str().and_then(|d| d.parse().ok());
            days[at as usize] = day.map_or(NO_DAY, number_of);
        }
    }
}

/// The days of every record that has any, and the cases and lines above them.
pub(crate) struct Agenda {
    /// Entries of the journal before this one are in it.
    pub(super) until: i64,
    /// Rows by kind; what stands above comes first.
    pub(super) kinds: Vec<Rows>,
    pub(super) stamps: Stamps,
    pub(super) words: Words,
    pub(super) frames: Numbers<Frame>,
}

impl Default for Agenda {
    fn default() -> Self {
        Self {
            until: 0,
            kinds: vec![],
            stamps: Stamps::default(),
            words: Words::default(),
            frames: Numbers::beginning(NO_FRAME),
        }
    }
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

    /// The number of the partner of a class.
    pub(crate) fn partner(&self, class: &Class) -> u32 {
        self.stamps.all[class.stamp as usize].partner
    }

    /// The case and line of a class.
    pub(crate) fn frame(&self, class: &Class) -> Frame {
        self.frames.all()[class.frame as usize]
    }

    /// Puts a record in place of what was known of it. Whether what stands below it reads otherwise now.
    pub(super) fn put(&mut self, place: usize, record: &Record) -> bool {
        let (envelope, body) = (&record.envelope, &record.body);
        if envelope.state == DELETED {
            return self.forget(place, envelope.id);
        }
        let over = self.kinds[place].above.and_then(|(field, kind)| {
            let id = crate::gates::reference(body, field)?;
            let above = self.kinds.iter_mut().find(|k| k.def.code == kind)?;
            Some(above.slot(id))
        });
        let known = self.kinds[place].at.contains_key(&envelope.id);
        let at = self.kinds[place].slot(envelope.id) as usize;
        let before = (self.class(place, at), self.kinds[place].over[at]);
        self.kinds[place].put_days(at as u32, record);
        self.kinds[place].over[at] = over.unwrap_or(NONE);
        let class = self.class_of(place, record);
        self.classify(place, at, class);
        let after = (self.class(place, at), self.kinds[place].over[at]);
        let said = |(class, over): (Class, u32)| (class.stamp, over, class.words);
        known && ABOVE.contains(&self.kinds[place].def.code) && said(before) != said(after)
    }

    /// What a record says of itself.
    fn class_of(&mut self, place: usize, record: &Record) -> Class {
        let rows = &self.kinds[place];
        let mut words = [0; 2];
        for (word, field) in words.iter_mut().zip(rows.word_fields) {
            let said = record.body[*field].as_str().unwrap_or_default();
            *word = self.words.number(said);
        }
        let mut states = rows.def.states.iter();
        let state = states.position(|s| *s == record.envelope.state);
        Class {
            stamp: self.stamps.number(&record.envelope, &mut self.words),
            frame: 0,
            words,
            state: state.and_then(|s| u8::try_from(s).ok()).unwrap_or(NO_STATE),
        }
    }

    /// Forgets a record that is no more. Whether what stands below it reads otherwise now.
    pub(super) fn forget(&mut self, place: usize, id: RecordId) -> bool {
        let rows = &mut self.kinds[place];
        if let Some(at) = rows.at.get(&id) {
            rows.class[*at as usize] = 0;
        }
        ABOVE.contains(&rows.def.code)
    }

    /// Says anew what stands above each row.
    pub(super) fn frame_all(&mut self) {
        for place in 0..self.kinds.len() {
            // Rows of one class under rows of one class come to one class.
            let mut known = FxHashMap::default();
            for at in 0..self.kinds[place].ids.len() {
                let number = self.kinds[place].class[at];
                let key = (number, self.number_over(place, at));
                match known.get(&key) {
                    Some(new) => self.kinds[place].class[at] = *new,
                    None => {
                        let class = self.class(place, at);
                        known.insert(key, self.classify(place, at, class));
                    }
                }
            }
        }
    }

    fn class(&self, place: usize, at: usize) -> Class {
        let rows = &self.kinds[place];
        rows.classes()[rows.class[at] as usize]
    }

    /// Gives a row its class, with what stands above it now; the number of that class.
    fn classify(&mut self, place: usize, at: usize, mut class: Class) -> u32 {
        if class.stamp != NONE {
            class.frame = self.frame_of(place, at, &class);
        }
        let rows = &mut self.kinds[place];
        let number = rows.classes.number(class);
        rows.class[at] = number;
        number
    }

    /// The kind of what stands above rows of a kind, and the number of the class of what stands above a row.
    fn over(&self, place: usize, at: usize) -> Option<(&Rows, u32)> {
        let rows = &self.kinds[place];
        let above = self.rows(rows.above?.1)?;
        let class = above.class.get(rows.over[at] as usize)?;
        Some((above, *class))
    }

    fn number_over(&self, place: usize, at: usize) -> u32 {
        self.over(place, at).map_or(0, |(_, class)| class)
    }

    fn frame_of(&mut self, place: usize, at: usize, class: &Class) -> u32 {
        let over = self.over(place, at);
        let over = over.map_or(ABSENT, |(rows, n)| rows.classes()[n as usize]);
        let over = self.frame(&over);
        let frame = match self.kinds[place].def.code {
            "case" => of_case(class),
            "case_line" => of_line(class, over),
            _ => over,
        };
        self.frames.number(frame)
    }
}

const ABOVE: [&str; 2] = ["case", "case_line"];

fn of_case(class: &Class) -> Frame {
    Frame {
        case: class.stamp,
        authority: class.words[0],
        agency: class.words[1],
        ..NO_FRAME
    }
}

fn of_line(class: &Class, case: Frame) -> Frame {
    Frame {
        line: class.stamp,
        commodity: class.words[0],
        ..case
    }
}
