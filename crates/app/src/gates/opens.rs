//! What would open a gate, in words of the trade.

use crate::law::RuleSaid;

/// What to do about each gate of the program, by rule.
const WORDS: &[(&str, &str)] = &[
    (
        "us.process.indicators-before-start",
        "an indicator of the initiative, each set with baseline and target",
    ),
    (
        "us.process.baseline-before-start",
        "the baseline of the initiative locked",
    ),
    (
        "us.process.vetted-before-delivery",
        "a vetting of the unit or person that is cleared and holds on the day",
    ),
    (
        "us.process.near-bars-before-delivery",
        "a new decision on the unit, made with the bar on the unit over it or on its commander known",
    ),
    (
        "us.process.notice-before-step",
        "every notice of the initiative under this authority recorded as cleared",
    ),
    (
        "us.process.within-authorised",
        "a quantity and value within line and case, or an amendment of the case",
    ),
    (
        "us.process.released-before-offer",
        "the authorisation of the excess articles, or the execution order of the drawdown, that names this case",
    ),
    (
        "us.process.excess-within-authorised",
        "lines of excess within the authorised quantity and value, or a new authorisation",
    ),
    (
        "us.process.case-in-force",
        "the case implemented and not suspended",
    ),
    (
        "us.process.accepted-before-implementation",
        "an acceptance on or before the last day of the offer; an offer that ran out is restated",
    ),
    (
        "us.process.money-before-implementation",
        "evidence of the deposit, or a certified commitment for the case",
    ),
    (
        "us.process.settled-before-closure",
        "every discrepancy closed",
    ),
    (
        "us.process.delivered-before-closure",
        "everything handed over, or the rest cancelled",
    ),
    (
        "us.process.evaluation-before-closure",
        "the decision on evaluation, with its reason where none is needed",
    ),
    (
        "us.appropriations.within-period",
        "money whose days cover the day of the posting",
    ),
    (
        "us.appropriations.account-open",
        "money that is not cancelled",
    ),
    (
        "us.appropriations.within-amount",
        "an amount within what is left of the money and of the entry it draws from",
    ),
];

/// What would open a rule.
pub(super) fn words(said: &RuleSaid) -> Vec<String> {
    if let Some((_, words)) = WORDS.iter().find(|(rule, _)| *rule == said.rule) {
        return vec![(*words).to_owned()];
    }
    let mut out: Vec<String> = said
        .missing
        .iter()
        .filter(|m| !m.fact.is_empty())
        .map(|m| format!("`{}` stated in a determination that the case names", m.fact))
        .collect();
    for way in said.lifts.iter().filter(|w| !w.applies) {
        out.push(match way.by.as_str() {
            "" => way.name.clone(),
            by => format!("{} ({by}; {})", way.name, way.cite),
        });
    }
    if let Some(duty) = said.duty.as_ref().filter(|d| d.before) {
        let days = duty
            .days
            .map_or(String::new(), |d| format!(", {d} days before"));
        out.push(format!("notice by {} to {}{days}", duty.who, duty.to));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_of_the_rulebook_says_what_opens_it() {
        let book = symbolon_law::Rulebook::load(&symbolon_law::Source::embedded()).unwrap();
        let gates: Vec<&str> = book
            .rules
            .iter()
            .map(|r| r.id.as_str())
            .filter(|id| id.starts_with("us.process.") || id.starts_with("us.appropriations."))
            .collect();
        let mut named: Vec<&str> = WORDS.iter().map(|(rule, _)| *rule).collect();
        named.sort_unstable();
        let mut there = gates.clone();
        there.sort_unstable();
        assert_eq!(named, there);
        let list = symbolon_domain::codes::list("overridable-gate").unwrap();
        assert!(list.items.iter().all(|i| gates.contains(&i.code.as_str())));
    }

    #[test]
    fn authorities_and_kinds_of_aid_are_the_words_of_the_law() {
        let book = symbolon_law::Rulebook::load(&symbolon_law::Source::embedded()).unwrap();
        for (list, set) in [
            ("assistance-authority", "authority"),
            ("aid-kind", "aid"),
            ("recipient-kind", "recipient"),
            ("assistance-purpose", "purpose"),
        ] {
            let codes: Vec<&str> = symbolon_domain::codes::list(list)
                .unwrap()
                .items
                .iter()
                .map(|i| i.code.as_str())
                .collect();
            let sets = &book.schema.vocabularies;
            let words = sets.iter().find(|w| w.name == set).unwrap();
            let words: Vec<&str> = words.words.iter().map(|w| w.0.as_str()).collect();
            let sorted = std::collections::BTreeSet::from_iter(codes);
            assert_eq!(
                sorted,
                std::collections::BTreeSet::from_iter(words),
                "{list}"
            );
        }
    }
}
