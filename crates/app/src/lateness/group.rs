//! What planned days are grouped by, and the place of each row's group among those counted.

use super::{PAIRS, Pair, count::Groups};
use crate::agenda::{Agenda, Bits, Row, Sight};
use symbolon_domain::codes;

/// What planned days are grouped by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Kind,
    Partner,
    Cause,
    Commodity,
    Agency,
    Authority,
}

impl By {
    /// What a word names; the authority where it names nothing else.
    pub(super) fn named(word: &str) -> Self {
        match word {
            "kind" => Self::Kind,
            "partner" => Self::Partner,
            "cause" => Self::Cause,
            "commodity" => Self::Commodity,
            "agency" => Self::Agency,
            _ => Self::Authority,
        }
    }

    /// A group in words.
    pub(super) fn name(self, agenda: &Agenda, number: u32) -> String {
        let word = agenda.word(number);
        let found = match self {
            Self::Kind => PAIRS.get(number as usize).map_or("", |(kind, ..)| kind),
            Self::Partner => word,
            Self::Commodity if number == TRAINING => "Training",
            Self::Commodity => named("commodity", word),
            Self::Cause => named("delay-cause", word),
            Self::Agency => named("implementing-agency", word),
            Self::Authority => named("assistance-authority", word),
        };
        if found.is_empty() {
            "not recorded".to_owned()
        } else {
            found.to_owned()
        }
    }
}

/// The name of a code of a list.
pub(super) fn named<'a>(list: &str, code: &'a str) -> &'a str {
    codes::list(list).map_or(code, |l| l.name_of(code))
}

/// The group of training lines among classes of articles.
const TRAINING: u32 = u32::MAX;
/// Nothing known yet.
const NONE: u32 = u32::MAX;

/// The groups of rows: what a row's group hangs on is a small number, and each is looked into once.
pub(super) struct Grouping {
    by: By,
    /// By stamp, word or frame: the place of the group.
    places: Vec<u32>,
    pub(super) groups: Groups,
}

impl Grouping {
    pub(super) fn of(agenda: &Agenda, by: By) -> Self {
        let keys = match by {
            By::Kind => PAIRS.len(),
            By::Partner => agenda.no_stamps().len(),
            By::Cause => agenda.word_count(),
            _ => agenda.frame_count() * 2 + 1,
        };
        Self {
            by,
            places: vec![NONE; keys],
            groups: Groups::default(),
        }
    }

    /// The place of the group of a row.
    pub(super) fn place(
        &mut self,
        sight: &mut Sight<'_>,
        pair: &Pair<'_>,
        bits: Bits,
        row: &Row,
    ) -> usize {
        let key = self.key(pair, bits, row);
        let known = self.places[key];
        if known != NONE {
            return known as usize;
        }
        let number = self.number(sight, pair, bits, row);
        let place = self.groups.place(number);
        self.places[key] = u32::try_from(place).unwrap_or(NONE);
        place
    }

    /// What the group of a row hangs on, of what the viewer sees.
    fn key(&self, pair: &Pair<'_>, bits: Bits, row: &Row) -> usize {
        match self.by {
            By::Kind => pair.number,
            By::Partner => row.stamp as usize,
            By::Cause => pair.cause_of(bits, row) as usize,
            By::Commodity if pair.training => self.places.len() - 1,
            _ => row.frame as usize * 2 + usize::from(Sight::reaches(pair.rows, bits)),
        }
    }

    /// The number of the group of a row.
    fn number(&self, sight: &mut Sight<'_>, pair: &Pair<'_>, bits: Bits, row: &Row) -> u32 {
        match self.by {
            By::Kind => u32::try_from(pair.number).unwrap_or(0),
            By::Partner => sight.partner(row),
            By::Cause => pair.cause_of(bits, row),
            By::Commodity if pair.training => TRAINING,
            By::Commodity => sight.above(pair.rows, bits, row).commodity,
            By::Agency => sight.above(pair.rows, bits, row).agency,
            By::Authority => sight.above(pair.rows, bits, row).authority,
        }
    }
}

impl Pair<'_> {
    /// The number of the cause of a row's delay; nought where the viewer does not see it.
    fn cause_of(&self, bits: Bits, row: &Row) -> u32 {
        let place = self.cause.filter(|place| bits.word(*place));
        place.map_or(0, |place| row.words[place])
    }
}
