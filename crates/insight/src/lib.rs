//! Functions over series and columns: roll-ups, filters over a quarter of a million rows, text search
//! that forgives spelling. No storage, no viewer: callers hand in only what may be seen.

pub mod bits;
pub mod columns;
pub mod rollup;
pub mod words;
