//! Lifecycles: the states of a kind and the moves between them, with who moves and what must be there.

use serde::Serialize;

/// The state of a deleted record of any kind: hidden from lists, kept with its whole history.
pub const DELETED: &str = "deleted";

/// A move from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// Code in addresses, the API and the journal (`<kind>.<code>`): snake case, a verb.
    pub code: &'static str,
    /// The verb for people, as on the button.
    pub name: &'static str,
    /// States it leads from.
    pub from: &'static [&'static str],
    /// State it leads to.
    pub to: &'static str,
    /// The action of the policy table that its mover needs: `transition`, `approve` or `release`.
    pub by: &'static str,
    /// Fields that must be filled before.
    pub needs: &'static [&'static str],
    /// Whether the mover must be another person than whoever wrote the record (four eyes).
    pub four_eyes: bool,
    /// Whether a reason must be given.
    pub reason: bool,
    /// Whether the mover must have signed in afresh.
    pub step_up: bool,
}

impl Transition {
    /// A move that anyone with the action `transition` may make, nothing further asked.
    #[must_use]
    pub const fn new(
        code: &'static str,
        name: &'static str,
        from: &'static [&'static str],
        to: &'static str,
    ) -> Self {
        Self {
            code,
            name,
            from,
            to,
            by: "transition",
            needs: &[],
            four_eyes: false,
            reason: false,
            step_up: false,
        }
    }

    /// Fields that must be filled before.
    #[must_use]
    pub const fn needing(mut self, fields: &'static [&'static str]) -> Self {
        self.needs = fields;
        self
    }

    /// A reason must be given.
    #[must_use]
    pub const fn with_reason(mut self) -> Self {
        self.reason = true;
        self
    }

    /// An approval: another person than the writer, freshly signed in, holding `approve`.
    #[must_use]
    pub const fn approval(mut self) -> Self {
        self.by = "approve";
        self.four_eyes = true;
        self.step_up = true;
        self
    }

    /// Whether it leads from a state.
    #[must_use]
    pub fn leads_from(&self, state: &str) -> bool {
        self.from.contains(&state)
    }
}
