//! Generated code does not depend on what is in scope where it stands, and causes no warning there.

mod generated_names;
mod many_fields;
mod names;
mod no_prelude;
mod places;
mod private_types;
mod renamed_crate;
mod shadowed;
mod visibility;
