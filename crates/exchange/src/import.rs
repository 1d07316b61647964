//! Readers, one file or folder per format.

mod error;
pub mod fmtr;
pub mod lists;
pub mod notification;
pub mod observation;
pub mod records;
pub mod sfm;

pub use error::ImportError;
