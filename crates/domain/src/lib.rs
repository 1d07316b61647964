//! The language of the trade: what the records of security assistance are, and what is true of them.
//!
//! Nothing here reads a clock, a file or a database: dates, ids and randomness come in as arguments,
//! so that everything can be replayed.

pub mod canonical;
pub mod codes;
pub mod country;
pub mod date;
pub mod kind;
pub mod kinds;
pub mod label;
pub mod language;
pub mod money;
pub mod record;
pub mod training;
pub mod when;
