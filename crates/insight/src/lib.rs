//! Functions over series and columns: roll-ups, filters over a quarter of a million rows, orders, text
//! search that forgives spelling. No storage, no viewer: callers hand in only what may be seen.

pub mod bits;
pub mod columns;
pub mod order;
pub mod published;
pub mod rollup;
pub mod rows;
pub mod sums;
pub mod tallies;
pub mod words;
