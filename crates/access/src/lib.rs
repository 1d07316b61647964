//! Who may do what to which record: one pure decision, and the same decision as a row filter.
//!
//! No I/O and no clock: the viewer carries the day. The table of roles, actions and kinds is data
//! (`policy.toml`). The row filter is not written a second time: it is made by asking the decision
//! about each distinct label (there are few), so function and filter cannot drift apart.

mod decision;
mod filter;
mod policy;
mod viewer;

pub use decision::{Decision, Subject, decide};
pub use filter::{RowFilter, row_filter};
pub use policy::{Policy, PolicyError};
pub use viewer::{Action, Actor, Viewer};
