use std::fmt;

use aws_sdk_dynamodb::types::{KeySchemaElement, TableDescription};
use dynamap::op::Throughput;

/// A description of a table that is displayed as lines of text.
#[derive(Debug, Clone, Copy)]
pub struct Described<'t>(pub &'t TableDescription);

impl Described<'_> {
    /// The name and the type of a key attribute.
    fn attribute(&self, key: &KeySchemaElement) -> String {
        let name = key.attribute_name();
        let mut definitions = self.0.attribute_definitions().iter();
        let definition = definitions.find(|definition| definition.attribute_name() == name);
        format!("{name} ({})", definition.map_or("?", |definition| definition.attribute_type().as_str()))
    }

    fn keys(&self) -> String {
        self.0.key_schema().iter().map(|key| self.attribute(key)).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.0;
        let status = table.table_status().map_or("unknown", |status| status.as_str());
        let throughput =
            Throughput::of(table).map_or_else(|| "unknown".to_owned(), |units| units.to_string());
        writeln!(f, "name        {}", table.table_name().unwrap_or("unknown"))?;
        writeln!(f, "ARN         {}", table.table_arn().unwrap_or("unknown"))?;
        writeln!(f, "status      {status}")?;
        writeln!(f, "key         {}", self.keys())?;
        writeln!(f, "throughput  {throughput}")?;
        // DynamoDB: it counts them every six hours.
        writeln!(f, "items       {}", table.item_count().unwrap_or_default())?;
        writeln!(f, "size        {} bytes", table.table_size_bytes().unwrap_or_default())
    }
}
