//! Offers of the past put to an edition of the law: would each have needed notice to Congress?

use crate::answer::Desk;
use crate::book::Rulebook;
use crate::error::LawError;
use crate::package::Package;
use crate::replay::Plan;
use crate::rule::Verdict;
use crate::schema::UNKNOWN;
use crate::source::Source;

/// The rules that ask for notice of an offer: AECA 36(b)(1), 22 U.S.C. 2776(b)(1).
const RULES: [&str; 2] = [
    "us.arms-export-control.certify-offer",
    "us.arms-export-control.certify-construction",
];

/// What is known of an offer.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// Day of the notice; `None` where it cannot be read.
    pub day: Option<i64>,
    /// Partner by its code, or the purchaser as printed.
    pub partner: &'a str,
    /// Major defence equipment, whole dollars.
    pub mde_usd: Option<i64>,
    /// Total, whole dollars.
    pub total_usd: Option<i64>,
}

/// Somebody who asks the same two rules about one offer after the other.
#[derive(Debug)]
pub struct Notifier<'r> {
    desk: Desk<'r>,
    plan: Plan,
    rules: Vec<usize>,
    fms: i64,
}

impl<'r> Notifier<'r> {
    /// One for an edition of the law, with the names of partners from its source.
    ///
    /// # Errors
    /// Where the plan of the replay cannot be read.
    pub fn new(source: &Source, book: &'r Rulebook) -> Result<Self, LawError> {
        let authority = book.schema.fact("authority");
        let kind = authority.map(|f| book.schema.facts[usize::from(f)].kind);
        let fms = kind.and_then(|kind| book.schema.parse(kind, "fms").ok());
        Ok(Self {
            desk: Desk::new(book),
            plan: Plan::read(source, book)?,
            rules: RULES.iter().filter_map(|r| book.rule(r)).collect(),
            fms: fms.unwrap_or(UNKNOWN),
        })
    }

    /// `notice`, `no notice` or `cannot tell`.
    pub fn says(&mut self, offer: &Offer<'_>) -> &'static str {
        let book = self.desk.book;
        let mut package = Package::empty(&book.schema);
        package.assume = true;
        let cents = |d: Option<i64>| d.and_then(|d| d.checked_mul(100)).unwrap_or(UNKNOWN);
        let facts = [
            ("date", offer.day.unwrap_or(UNKNOWN)),
            ("partner", self.plan.partner(book, offer.partner)),
            ("mde_value", cents(offer.mde_usd)),
            ("total_value", cents(offer.total_usd)),
            ("authority", self.fms),
        ];
        for (fact, value) in facts {
            if let Some(i) = book.schema.fact(fact) {
                package.facts[usize::from(i)] = value;
            }
        }
        let verdicts = self.desk.verdicts(&package);
        match self.rules.iter().map(|i| verdicts[*i]).max() {
            Some(Verdict::Silent) | None => "no notice",
            Some(Verdict::Unknown) => "cannot tell",
            _ => "notice",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;

    #[test]
    fn a_small_offer_needs_no_notice_and_one_without_a_day_cannot_be_told() {
        let source = Source::embedded();
        let book = Rulebook::load(&source).unwrap();
        let mut notifier = Notifier::new(&source, &book).unwrap();
        let day = Day("2023-05-10".parse().unwrap()).days();
        let offer = |day, mde| Offer {
            day,
            partner: "KEN",
            mde_usd: Some(mde),
            total_usd: Some(mde),
        };
        assert_eq!(notifier.says(&offer(Some(day), 16_000_000)), "notice");
        assert_eq!(notifier.says(&offer(Some(day), 1_000_000)), "no notice");
        assert_eq!(notifier.says(&offer(None, 16_000_000)), "cannot tell");
    }
}
