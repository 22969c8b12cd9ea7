const MAPPING: dynamap::Mapping = dynamap::Mapping::AttributeValue;

#[path = "given.rs"]
mod given;

#[path = "newtypes.rs"]
mod newtypes;

#[path = "flattened.rs"]
mod flattened;

#[path = "named.rs"]
mod named;

#[path = "variants.rs"]
mod variants;

#[path = "tuples.rs"]
mod tuples;

#[path = "kept.rs"]
mod kept;
