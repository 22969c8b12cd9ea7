//! DynamoDB-JSON: attribute values as `{"S":"text"}`, items as objects of them.

mod bytes;
mod escape;
mod fields;
mod marks;
mod reader;
mod scanner;
mod skip;
mod string;
mod writer;

pub(crate) use escape::push_string;
pub(crate) use marks::Marks;
pub use reader::JsonReader;
pub(crate) use scanner::Scanner;
pub use writer::JsonWriter;

#[cfg(test)]
mod tests;
