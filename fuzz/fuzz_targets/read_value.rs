#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dynamap_tests::fuzz_target::read_value(bytes));
