//! Vetting: a file opened for a purpose, decisions by two persons, and their re-opening when a fact changes.

mod affected;
mod circle;
mod decide;
mod file;
mod policy;
mod reopen;
mod rescreen;
mod roster;

pub use affected::Affected;
pub(crate) use decide::file_label;
pub use decide::{Proposal, Reopened};
pub use file::VettingFile;
pub use policy::{Lead, Policy, Validity};
pub(crate) use reopen::Reopening;
pub(crate) use rescreen::{Version, rescreen};
pub use roster::Line;

#[cfg(test)]
mod tests;
