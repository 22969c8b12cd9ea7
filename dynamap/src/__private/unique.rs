//! Unique fields.

use crate::{
    schema::TableSchema,
    value::{AttributeType, DataType, marker::Marker},
};

/// True if the table can hold the sentinel items of unique fields: its keys are strings, and it stores entity types.
pub const fn can_hold_sentinels<S: TableSchema>() -> bool {
    let sort_key = match S::SORT_KEY {
        Some(attribute) => matches!(attribute.data_type, DataType::S),
        None => true,
    };
    S::PARTITION_KEY.name.is_empty()
        || matches!(S::PARTITION_KEY.data_type, DataType::S) && sort_key && S::ENTITY_TYPE.is_some()
}

/// True if the values of `T` can be unique: strings, numbers and binary values.
pub const fn can_be_unique<T: AttributeType>() -> bool {
    matches!(<T::DataType as Marker>::DATA_TYPE, Some(DataType::S | DataType::N | DataType::B))
}

/// True if the values of `T` are text, which has normal forms.
pub const fn has_normal_forms<T: AttributeType>() -> bool {
    matches!(<T::DataType as Marker>::DATA_TYPE, Some(DataType::S))
}

/// The normal form `lowercase`.
pub fn lowercase(text: &str) -> String {
    text.to_lowercase()
}

/// The normal form `trim`.
pub fn trim(text: &str) -> String {
    text.trim().to_owned()
}
