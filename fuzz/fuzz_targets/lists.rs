//! Files of sanctions and other lists.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| symbolon_fuzz::feed("lists", bytes));
