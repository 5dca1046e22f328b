#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cumbre_tests::parsers::badge(bytes));
