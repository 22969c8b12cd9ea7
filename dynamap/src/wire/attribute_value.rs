//! The SDK's `AttributeValue`, and items as maps of them.

mod reader;
mod writer;

pub use reader::AttributeValueReader;
pub(crate) use reader::data_type_of;
pub use writer::AttributeValueWriter;
