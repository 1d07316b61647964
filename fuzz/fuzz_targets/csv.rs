//! Delimited text as rows and drafts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| symbolon_fuzz::feed("csv", bytes));
