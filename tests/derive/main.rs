//! What the derives make of types, without a database: the stored forms, and what reads them back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod field_names;
mod field_options;
mod flattened;
mod forms;
mod generics;
mod newtypes;
mod tag_styles;
mod variants;
