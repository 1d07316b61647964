//! Whether a unit or person is vetted on a day, under the law of the money: the facts that the rulebook asks for,
//! read from the status of candidates, the lists of barred units and remediation, never from the grounds.

use super::seen::Reader;
use crate::{Result, vetting::LawStanding};
use jiff::civil::Date;
use symbolon_domain::{kinds::VettingLaw, record::RecordId};

/// What vetting says of a unit or person on a day, as facts of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vetted {
    /// Cleared under every law that reaches the money, and barred under none of them.
    pub clear: bool,
    /// Barred under a law that reaches the money: refused, or on its list; whether remedied or not.
    pub violation: bool,
    /// Whether all of that was found remedied, and reported, under the State law.
    pub effective_steps: bool,
    /// Whether all of that was found remedied under the Defense law.
    pub corrective_steps: bool,
    /// Whether every bar of a unit over it, or of its commander, was there when it was cleared.
    pub near_reviewed: bool,
}

impl Vetted {
    /// Nobody named: not vetted, and nothing known against anybody.
    pub(super) const NOBODY: Self = Self {
        clear: false,
        violation: false,
        effective_steps: false,
        corrective_steps: false,
        near_reviewed: true,
    };
}

/// What vetting says. A person is asked for by the candidate that names the person; a unit by the candidate that
/// names the unit, or a record that is one with it, and nobody in it. Money that neither law reaches takes either
/// clearance, and either bar keeps it.
///
/// # Errors
/// Where the candidates cannot be read.
pub(super) fn vetted(
    reader: &mut Reader<'_>,
    subject: (&'static str, RecordId),
    authority: &str,
    day: Date,
) -> Result<Vetted> {
    let reaching = reader.app.laws_reaching(authority, day)?;
    let laws: Vec<VettingLaw> = match reaching.as_slice() {
        [] => VettingLaw::ALL.to_vec(),
        some => some.to_vec(),
    };
    let mut stands: Vec<LawStanding> = vec![];
    for law in laws {
        let under = reader.app.under_law(subject, law, day, false)?;
        let bars = under.bars.iter().map(|b| &b.record);
        let remedies = under.bars.iter().flat_map(|b| &b.remedies);
        let all = under.cleared.iter().chain(bars).chain(remedies);
        all.for_each(|record| reader.note(record));
        stands.push(under);
    }
    let cleared = |u: &LawStanding| !u.cleared.is_empty();
    let enough = match reaching.is_empty() {
        true => stands.iter().any(cleared),
        false => stands.iter().all(cleared),
    };
    let remedied = |law| stands.iter().any(|u| u.law == law && u.remedied());
    Ok(Vetted {
        clear: enough && !stands.iter().any(LawStanding::barred),
        violation: stands
            .iter()
            .any(|u| u.bars.iter().any(crate::vetting::Bar::bars)),
        effective_steps: remedied(VettingLaw::State),
        corrective_steps: remedied(VettingLaw::Defense),
        near_reviewed: stands
            .iter()
            .filter(|u| cleared(u))
            .all(|u| u.unreviewed().next().is_none()),
    })
}
