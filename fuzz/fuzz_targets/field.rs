//! Texts as values of every field of every kind.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| symbolon_fuzz::feed("field", bytes));
