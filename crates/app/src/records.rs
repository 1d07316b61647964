//! Records of any kind: read, written, moved, reversed, compared. One file a verb.

mod backlinks;
mod bulk;
mod change;
mod compare;
mod draft;
mod history;
mod lifecycle;
mod page;
mod patch;
mod reverse;
mod seen;

pub use backlinks::Backlink;
pub use bulk::{BulkLine, BulkPlan};
pub use compare::{Compared, Difference, difference};
pub use draft::Draft;
pub use history::{Past, sentence_of};
pub use lifecycle::Move;
pub use page::RecordPage;
pub use reverse::UNDO_SECONDS;
pub use seen::Moment;
