//! The SDK's `AttributeValue`, and items as maps of them.

mod reader;
mod writer;

pub use reader::AttributeValueReader;
pub use writer::AttributeValueWriter;
