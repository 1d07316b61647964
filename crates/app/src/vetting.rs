//! Vetting: a file opened for a purpose, decisions by two persons, and their re-opening when a fact changes.

mod affected;
mod allegations;
mod around;
mod barred;
mod bench;
mod circle;
mod decide;
mod desk;
mod file;
mod forces;
mod hits;
mod leahy;
mod lines;
mod links;
mod merges;
mod nominate;
mod openings;
mod own_pages;
mod policy;
mod reopen;
mod rescreen;
mod retrospective;
mod roster;
mod same;
mod unit;

pub use affected::Affected;
pub use allegations::{AllegationState, Brought};
pub use around::MOST_UNDER;
pub use barred::Barred;
pub use bench::{Bench, HitLine};
pub(crate) use decide::file_label;
pub use decide::{Proposal, Reopened};
pub use desk::{Named, OPEN, QUEUE_PAGE, Queue, QueueAsk, QueueLine};
pub use file::VettingFile;
pub use forces::{Forces, Parts, Reached, Rung, Through};
pub use hits::{Answered, HitReply, answers_hits, confirms};
pub use leahy::{Bar, LawBearing, LawStanding, Near};
pub use lines::Lines;
pub use links::{LinkAnswer, LinkAsk, LinkLine, LinksProposed, Spelled};
pub use merges::{MergePlan, Verdict as MergeVerdict};
pub(crate) use nominate::{Indexes, names_in_file, names_somebody};
pub(crate) use openings::Openings;
pub use own_pages::has_own_pages;
pub(crate) use own_pages::only_there;
pub use policy::{Lead, Policy, SecondLook, Validity};
pub(crate) use reopen::Reopening;
pub(crate) use rescreen::{Version, rescreen};
pub use retrospective::{Basis, LookBack, LookedBack, RETROSPECTIVE_LIMITS, Retrospective};
pub use roster::Line;
pub use same::Same;
pub use unit::UnitPage;

#[cfg(test)]
mod tests;
