//! The reader's language. English words stand where they are used, in templates and in the definitions of
//! kinds; a catalogue of another language (`words/*.toml`) says what they are there. What a catalogue does
//! not know stays English and is marked so. The language of a request holds for the task that answers it.

mod catalogue;
pub mod coverage;
mod numbers;
mod spoken;
#[cfg(test)]
mod tests;

pub use catalogue::Catalogue;
pub use numbers::several;
pub use spoken::{
    Apart, Asked, Told, apart, asked, carried, comma, current, english, known, say, speak,
    speaking, told, turn,
};
pub use symbolon_domain::language::Language;
