//! Law as data. Reads the rulebook (`law/`), checks every condition against the facts a package may
//! state, compiles all rules into one list of steps, and decides one package or a million: may we,
//! what must happen first, when at the earliest, and what would change the answer.
//!
//! Nothing here reads a clock. Files are read only by [`source::Source`], before anything is decided.

pub mod again;
pub mod answer;
pub mod batch;
pub mod book;
pub mod cases;
pub mod columns;
mod compile;
pub mod dated;
pub mod day;
pub mod diff;
pub mod error;
pub mod eval;
pub mod expr;
pub mod lint;
pub mod mutate;
pub mod node;
pub mod offers;
pub mod package;
mod parsed;
pub mod reference;
pub mod remedy;
pub mod render;
pub mod replay;
pub mod rule;
pub mod schema;
mod shape;
pub mod source;
mod spanned;
pub mod tri;
pub mod written;

pub use book::{Edition, Rulebook};
pub use error::LawError;
pub use source::Source;
