//! Who may do what to which record: one pure decision, and the same decision as a row filter.
//!
//! No I/O and no clock: the viewer carries the day, [`World`] the dated groups and agreements. The
//! table of roles, actions and kinds is data (`policy.toml`), the words of markings too
//! (`data/labels/`). The row filter is not written a second time: it is made by asking the judge who
//! decides about one record about each distinct label (there are few), so function and filter cannot
//! drift apart.

mod decision;
mod explain;
mod fields;
mod filter;
mod policy;
mod roll_up;
mod scope;
mod viewer;
mod world;

pub use decision::{Decision, Subject, decide};
pub use explain::{Audience, audience, explain};
pub use fields::FieldView;
pub use filter::{RowFilter, row_filter};
pub use policy::{Content, Policy, PolicyError, Row};
pub use roll_up::roll_up;
pub use scope::{Limit, Scope};
pub use viewer::{Action, Actor, Viewer};
pub use world::{Groups, Member, SharingTerms, World};
