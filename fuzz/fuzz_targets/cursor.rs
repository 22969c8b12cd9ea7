#![no_main]

use dynamap_tests::fuzz_target::{cursor, cursor_of};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    cursor(bytes);
    cursor(cursor_of(bytes).as_bytes());
});
