//! DynamoDB-JSON: attribute values as `{"S":"text"}`, items as objects of them.

mod escape;
mod reader;
mod scanner;
mod skip;
mod string;
mod writer;

pub use reader::JsonReader;
pub use writer::JsonWriter;
