//! Whether a changed label opens anything to anybody.

use super::{Audience, Label, Markings, Rule};

impl Label {
    /// Whether this label may let somebody see what the old one did not: true unless it is surely as
    /// narrow. A level that cannot be compared, another originator or a later day of release count as
    /// wider.
    #[must_use]
    pub fn widens(&self, old: &Self, markings: &Markings) -> bool {
        if self == old {
            return false;
        }
        let released = |l: &Self, rule| {
            if markings.has(l, rule) {
                l.releases()
            } else {
                vec![]
            }
        };
        let wider = |rule, list: fn(&super::Release) -> &Audience| {
            let before = released(old, rule);
            released(self, rule).iter().any(|new| {
                let same = |o: &&super::Release| {
                    o.originator == new.originator && o.released_at == new.released_at
                };
                let within = |o: &super::Release| {
                    let (new, old) = (list(new), list(o));
                    new.nations.is_subset(&old.nations) && new.groups.is_subset(&old.groups)
                };
                !list(new).is_empty() && !before.iter().filter(same).any(within)
            })
        };
        let narrowing = |l: &Self| {
            let rules = l.controls.iter().filter(|c| {
                let rule = markings.control(l, c).map(|c| c.rule);
                rule != Some(Rule::ReleasableTo)
            });
            rules
                .cloned()
                .collect::<std::collections::BTreeSet<String>>()
        };
        let named = markings.has(self, Rule::NamedOnly)
            && !self.named.is_subset(&old.named)
            && markings.has(old, Rule::NamedOnly);
        self.lower_than(old, markings)
            || !narrowing(old).is_subset(&narrowing(self))
            || !old.categories.is_subset(&self.categories)
            || !self.originators().eq(old.originators())
            || !old.parts.is_subset(&self.parts)
            || (old.parts.is_empty() && !self.parts.is_empty())
            || named
            || wider(Rule::ReleasableTo, |r| &r.rel_to)
            || wider(Rule::DisplayOnly, |r| &r.display_to)
    }

    /// Whether a level of the old label is missing here, lower here, or unknown.
    fn lower_than(&self, old: &Self, markings: &Markings) -> bool {
        old.levels().any(|(policy, level)| {
            let rank = |l: &str| markings.policy(policy)?.rank(l);
            let new = self.levels().find(|(p, _)| *p == policy);
            let ranks = new.and_then(|(_, l)| Some((rank(l)?, rank(level)?)));
            ranks.is_none_or(|(new, old)| new < old)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(level: &str, controls: &[&str], nations: &[&str]) -> Label {
        Label {
            level: level.into(),
            controls: controls.iter().map(|c| (*c).to_owned()).collect(),
            rel_to: Audience {
                nations: nations.iter().map(|n| n.parse().unwrap()).collect(),
                ..Audience::default()
            },
            released_at: (!nations.is_empty()).then(|| jiff::civil::date(2025, 1, 1)),
            ..Label::internal("USA")
        }
    }

    #[test]
    fn what_opens_to_anybody_is_wider() {
        let cui = label("controlled", &[], &[]);
        let noforn = label("controlled", &["NOFORN"], &[]);
        let fra = label("controlled", &["REL TO"], &["FRA"]);
        let both = label("controlled", &["REL TO"], &["FRA", "BEL"]);
        let internal = label("internal", &[], &[]);
        let french = Label {
            originator: "FRA".into(),
            ..cui.clone()
        };
        let unknown = label("ULTRA", &[], &[]);
        let mut later = fra.clone();
        later.released_at = Some(jiff::civil::date(2026, 1, 1));
        for (old, new, wider) in [
            (&cui, &cui, false),
            (&internal, &cui, false),
            (&cui, &internal, true),
            (&cui, &noforn, false),
            (&noforn, &cui, true),
            (&cui, &fra, true),
            (&fra, &cui, false),
            (&fra, &both, true),
            (&both, &fra, false),
            (&fra, &later, true),
            (&cui, &french, true),
            (&cui, &unknown, true),
        ] {
            let found = new.widens(old, Markings::shipped());
            assert_eq!(found, wider, "{} to {}", old.marking(), new.marking());
        }
    }
}
