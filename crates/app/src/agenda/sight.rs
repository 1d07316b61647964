//! What a viewer sees of the agenda: the row filter and the view of fields that the store asks too, over the
//! few stamps that there are.

use super::rows::{Agenda, Class, Frame, NONE, Rows};
use std::collections::BTreeSet;
use symbolon_access::{Action, FieldView, Policy, RowFilter, Viewer, World, row_filter};
use symbolon_domain::label::Label;

/// What a viewer sees of an agenda.
pub(crate) struct Sight<'a> {
    agenda: &'a Agenda,
    viewer: &'a Viewer,
    world: &'a World,
    case: Seen,
    line: Seen,
}

/// What a viewer sees of the records of one kind.
pub(crate) struct Seen {
    filter: RowFilter,
    fields: FieldView,
    /// By stamp: nothing known yet, or bits.
    bits: Vec<u32>,
}

const KNOWN: u32 = 1;
const VISIBLE: u32 = 1 << 1;
const DAYS: u32 = 2;
const WORDS: u32 = 24;
const ABOVE: u32 = 1 << 30;

/// What a viewer sees of a record.
#[derive(Clone, Copy)]
pub(crate) struct Bits(u32);

impl Bits {
    /// The record.
    pub(crate) fn record(self) -> bool {
        self.0 & VISIBLE != 0
    }

    /// The field of days at a place.
    pub(crate) fn day(self, place: usize) -> bool {
        self.record() && self.0 & (1 << (DAYS + place as u32)) != 0
    }

    /// The word at a place.
    pub(crate) fn word(self, place: usize) -> bool {
        self.record() && self.0 & (1 << (WORDS + place as u32)) != 0
    }

    /// The field that names what stands above.
    fn above(self) -> bool {
        self.record() && self.0 & ABOVE != 0
    }
}

impl<'a> Sight<'a> {
    /// The sight of a viewer.
    pub(crate) fn of(agenda: &'a Agenda, viewer: &'a Viewer, world: &'a World) -> Self {
        Self {
            agenda,
            viewer,
            world,
            case: seen(agenda, viewer, world, "case"),
            line: seen(agenda, viewer, world, "case_line"),
        }
    }

    /// What is seen of a kind.
    pub(crate) fn kind(&self, kind: &str) -> Seen {
        seen(self.agenda, self.viewer, self.world, kind)
    }

    /// The number of the partner of a class.
    pub(crate) fn partner(&self, class: &Class) -> u32 {
        self.agenda.partner(class)
    }

    /// What stands above rows of a class, of what the viewer sees: the rest is none.
    pub(crate) fn above(&mut self, rows: &Rows, bits: Bits, class: &Class) -> Frame {
        let mut frame = self.agenda.frame(class);
        let mut reached = rows.def.code == "case" || bits.above();
        if frame.line != NONE {
            let line = self.stamped("case_line", frame.line);
            if !(reached && line.word(0)) {
                frame.commodity = 0;
            }
            reached &= line.above();
        }
        let case = match frame.case {
            NONE => Bits(0),
            stamp => self.stamped("case", stamp),
        };
        if !(reached && case.word(0)) {
            frame.authority = 0;
        }
        if !(reached && case.word(1)) {
            frame.agency = 0;
        }
        frame
    }

    fn stamped(&mut self, kind: &str, stamp: u32) -> Bits {
        let Some(rows) = self.agenda.rows(kind) else {
            return Bits(0);
        };
        let seen = if kind == "case" {
            &mut self.case
        } else {
            &mut self.line
        };
        seen.stamped(self.agenda, rows, stamp)
    }

    /// Labels of the classes of a kind that are marked.
    pub(crate) fn labels(
        &self,
        rows: &'a Rows,
        marked: &[bool],
    ) -> impl Iterator<Item = &'a Label> {
        let stamps = &self.agenda.stamps;
        let met = rows.classes().iter().zip(marked).filter(|(_, met)| **met);
        let met: BTreeSet<u32> = met
            .map(|(class, _)| stamps.all[class.stamp as usize].label)
            .collect();
        met.into_iter().map(|l| &stamps.labels[l as usize])
    }
}

fn seen(agenda: &Agenda, viewer: &Viewer, world: &World, kind: &str) -> Seen {
    let policy = Policy::shipped();
    let labels = agenda.stamps.labels.iter().enumerate();
    let labels = labels.map(|(n, l)| (i64::try_from(n).unwrap_or(i64::MAX), l));
    Seen {
        filter: row_filter(policy, world, viewer, Action::Read, kind, labels),
        fields: FieldView::of(policy, viewer, kind),
        bits: vec![0; agenda.stamps.all.len()],
    }
}

impl Seen {
    /// What is seen of rows of a class; nothing of those that are not there.
    pub(crate) fn class(&mut self, agenda: &Agenda, rows: &Rows, class: &Class) -> Bits {
        self.stamped(agenda, rows, class.stamp)
    }

    fn stamped(&mut self, agenda: &Agenda, rows: &Rows, stamp: u32) -> Bits {
        match self.bits.get(stamp as usize) {
            None => Bits(0),
            Some(0) => {
                let bits = KNOWN | self.judge(agenda, rows, stamp);
                self.bits[stamp as usize] = bits;
                Bits(bits)
            }
            Some(bits) => Bits(*bits),
        }
    }

    fn judge(&self, agenda: &Agenda, rows: &Rows, stamp: u32) -> u32 {
        let stamp = agenda.stamps.all[stamp as usize];
        let (partner, programme) = (agenda.word(stamp.partner), agenda.word(stamp.programme));
        if !self
            .filter
            .passes(i64::from(stamp.label), partner, programme)
        {
            return 0;
        }
        let label = &agenda.stamps.labels[stamp.label as usize];
        let shows = |name: &str| {
            let field = rows.def.field(name);
            field.is_some_and(|f| self.fields.shows_of(f, label))
        };
        let bits = |from: u32, names: &[&str]| {
            let places = (from..).zip(names).filter(|(_, n)| shows(n));
            places.fold(0, |all, (place, _)| all | 1 << place)
        };
        let above = rows.above.is_some_and(|(field, _)| shows(field));
        VISIBLE
            | bits(DAYS, &rows.fields)
            | bits(WORDS, rows.word_fields)
            | if above { ABOVE } else { 0 }
    }
}
