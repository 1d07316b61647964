//! Bytes to drafts and findings; views to bytes. One file per format.
//!
//! Nothing here knows a database or a viewer: readers hand what they read to the caller, row by row
//! or section by section, and refuse bad input with file, line and column.

pub mod export;
pub mod guard;
pub mod import;
pub mod limits;
pub mod shipped;
