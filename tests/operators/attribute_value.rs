const MAPPING: dynamap::Mapping = dynamap::Mapping::AttributeValue;

#[path = "given.rs"]
mod given;
