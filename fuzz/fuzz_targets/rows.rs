//! JSON lists and lines as rows and drafts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| symbolon_fuzz::feed("rows", bytes));
