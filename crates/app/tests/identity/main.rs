//! Who you are: the rules on the use cases, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests stop where something is wrong"
)]

mod break_glass;
mod common;
mod duties;
mod password;
mod session;
mod token;
