//! Names of people, units, companies and vessels: normalised, indexed, matched and explained.
//!
//! Owns what a name is made of, which listed names could be meant by it, how alike two names are and why.
//! Refuses to decide: it answers *match*, *not sure* or *no* with every reason, and a person decides. No I/O,
//! no clock.
//!
//! ```
//! use symbolon_screening::{Index, Kind, Listed, Query, Verdict};
//! let index = Index::build(vec![Listed::new("L-1", Kind::Person, "ORLOV-TEST, Grigoriy Pavlovich")]);
//! let hits = index.search(&Query::new(Kind::Person, "Grigory Orlov Test"), 5);
//! assert_eq!(hits[0].entry, "L-1");
//! assert_ne!(hits[0].verdict, Verdict::No);
//! ```

mod align;
mod attributes;
mod chain;
mod compare;
mod delta;
mod distance;
mod explain;
mod features;
mod index;
mod kind;
mod lexicon;
mod likeness;
mod link;
mod model;
mod name;
mod romanise;
mod sound;
mod vocabulary;
mod weights;

pub use align::How;
pub use attributes::Attributes;
pub use chain::{Chain, Link, Step};
pub use compare::{Compared, compare};
pub use delta::{Delta, Touched};
pub use explain::Reason;
pub use features::{FEATURES, Features};
pub use index::{Hit, Index, Listed, Query, Searcher};
pub use kind::Kind;
pub use lexicon::{Lexicon, LexiconError};
pub use link::{Link as UnitLink, LinkReason, Linker, Sureness, spellings};
pub use model::{Model, Verdict};
pub use name::{Class, Name, Token};
pub use weights::Weights;
