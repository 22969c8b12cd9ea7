//! Mistakes, each with the message that the user gets for it.
//!
//! `TRYBUILD=overwrite cargo test -p dynamap-tests --test ui` writes the messages anew: read them before they
//! are committed.

#[test]
fn every_mistake_is_reported_once_where_it_was_typed() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}
