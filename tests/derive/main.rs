//! What the derives make of types, without a database: the stored forms, and what reads them back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod absent;
mod collections;
mod constants;
mod decode_errors;
mod encode_errors;
mod field_names;
mod field_options;
mod flattened;
mod flattened_enums;
mod forms;
mod generics;
mod hygiene;
mod index_keys;
mod indexes;
mod key_attributes;
mod key_texts;
mod newtypes;
mod operands;
mod optional;
mod projections;
mod property;
mod secrets;
mod self_types;
mod serde_options;
mod stored;
mod tag_styles;
mod variants;
