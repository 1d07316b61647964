//! What planned days are grouped by.

use super::{PAIRS, walk::Pair};
use crate::agenda::{Agenda, Bits, Class, Sight};
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

    /// The number of the group of rows of a class, of what the viewer sees.
    pub(super) fn number(
        self,
        sight: &mut Sight<'_>,
        pair: &Pair<'_>,
        bits: Bits,
        class: &Class,
    ) -> u32 {
        match self {
            Self::Kind => u32::try_from(pair.number).unwrap_or(0),
            Self::Partner => sight.partner(class),
            Self::Cause => pair.cause_of(bits, class),
            Self::Commodity if pair.training => TRAINING,
            Self::Commodity => sight.above(pair.rows, bits, class).commodity,
            Self::Agency => sight.above(pair.rows, bits, class).agency,
            Self::Authority => sight.above(pair.rows, bits, class).authority,
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

impl Pair<'_> {
    /// The number of the cause of a delay; nought where the viewer does not see it.
    fn cause_of(&self, bits: Bits, class: &Class) -> u32 {
        let place = self.cause.filter(|place| bits.word(*place));
        place.map_or(0, |place| class.words[place])
    }
}
