use crate::value::DataType;

/// A key attribute: its name and its type, which is S, N or B.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The attribute's name, up to 255 bytes.
    pub name: &'static str,
    /// The attribute's type.
    pub data_type: DataType,
}
