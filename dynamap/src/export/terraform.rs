//! Terraform resources, in the form of `terraform fmt`.

use super::data_model::{DataModel, projected};
use crate::{
    op::{
        Encryption, PointInTimeRecovery, RequestUnits, TableSettings, Throughput,
        create_table::key_attributes,
    },
    schema::{IndexProjection, IndexSchema, KeyAttribute, TableSchema},
};

impl<S: TableSchema> DataModel<S> {
    /// The table as a [Terraform](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table)
    /// resource `aws_dynamodb_table`, in the form of `terraform fmt`.
    ///
    /// A vector index is a comment: [`add_vector_index`](crate::Table::add_vector_index) adds it.
    pub fn terraform(&self) -> String {
        resource(self)
    }
}

/// The resource: one table.
fn resource<S: TableSchema>(model: &DataModel<S>) -> String {
    let mut text = String::new();
    for index in S::VECTOR_INDEXES {
        text += &format!("# The vector index {} is added by `add_vector_index`.\n", index.name);
    }
    text += &format!("resource \"aws_dynamodb_table\" {} {{\n", quoted(&label(&model.table)));
    table(model).write(&mut text, 1);
    text += "}\n";
    text
}

fn table<S: TableSchema>(model: &DataModel<S>) -> Body {
    let settings = &model.settings;
    let throughput = settings.throughput.unwrap_or(Throughput::OnDemand);
    let mut body = Body::default();
    body.text("name", &model.table);
    body.text("billing_mode", throughput.billing_mode().as_str());
    body.provisioned(throughput);
    body.text("hash_key", S::PARTITION_KEY.name);
    S::SORT_KEY.into_iter().for_each(|key| body.text("range_key", key.name));
    if let Some(stream) = &settings.stream {
        body.raw("stream_enabled", stream.is_some());
        stream.iter().for_each(|view| body.text("stream_view_type", view.as_str()));
    }
    settings.table_class.iter().for_each(|class| body.text("table_class", class.as_str()));
    settings.deletion_protection.into_iter().for_each(|on| body.raw("deletion_protection_enabled", on));
    // Terraform refuses attributes that no key has: those of vector indexes are left out with them.
    for attribute in key_attributes::<S>().into_iter().filter(is_in_key::<S>) {
        let block = body.block("attribute");
        block.text("name", attribute.name);
        block.text("type", attribute.data_type.descriptor());
    }
    let (local, global): (Vec<&IndexSchema>, Vec<&IndexSchema>) =
        S::INDEXES.iter().partition(|index| index.local);
    global.iter().for_each(|index| global_index(body.block("global_secondary_index"), index, settings));
    for index in local {
        let block = body.block("local_secondary_index");
        block.text("name", index.name);
        index.sort_key.iter().for_each(|key| block.text("range_key", key.name));
        block.projection(index.projection);
    }
    if let Some(attribute) = S::TTL {
        let block = body.block("ttl");
        block.text("attribute_name", attribute);
        block.raw("enabled", true);
    }
    options(&mut body, settings);
    body
}

/// True of an attribute of the primary key or of the key of a secondary index.
fn is_in_key<S: TableSchema>(attribute: &KeyAttribute) -> bool {
    let primary = [Some(S::PARTITION_KEY), S::SORT_KEY].into_iter().flatten();
    let of_indexes =
        S::INDEXES.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key)).copied();
    primary.chain(of_indexes).any(|key| key.name == attribute.name)
}

/// The settings that are blocks, and the tags.
fn options<S: TableSchema>(body: &mut Body, settings: &TableSettings<S>) {
    if let Some(recovery) = settings.point_in_time_recovery {
        let block = body.block("point_in_time_recovery");
        block.raw("enabled", recovery != PointInTimeRecovery::Off);
        if let PointInTimeRecovery::Days(days) = recovery {
            block.raw("recovery_period_in_days", days);
        }
    }
    if let Some(encryption) = &settings.encryption {
        let block = body.block("server_side_encryption");
        block.raw("enabled", *encryption != Encryption::AwsOwned);
        if let Encryption::CustomerManaged(key) = encryption {
            block.text("kms_key_arn", key);
        }
    }
    settings.on_demand_maximum.into_iter().for_each(|units| body.maximum(units));
    settings.warm_throughput.into_iter().for_each(|units| body.warm(units));
    body.tags = settings.present_tags().map(|(key, value)| (quoted(key), quoted(value))).collect();
}

fn global_index<S: TableSchema>(block: &mut Body, index: &IndexSchema, settings: &TableSettings<S>) {
    block.text("name", index.name);
    let is_simple = index.partition_key.len() == 1 && index.sort_key.len() <= 1;
    if is_simple {
        index.partition_key.iter().for_each(|key| block.text("hash_key", key.name));
        index.sort_key.iter().for_each(|key| block.text("range_key", key.name));
    }
    block.projection(index.projection);
    settings.throughput_of(index.name).into_iter().for_each(|throughput| block.provisioned(throughput));
    if !is_simple {
        let mut element = |key: &KeyAttribute, key_type: &str| {
            let element = block.block("key_schema");
            element.text("attribute_name", key.name);
            element.text("key_type", key_type);
        };
        index.partition_key.iter().for_each(|key| element(key, "HASH"));
        index.sort_key.iter().for_each(|key| element(key, "RANGE"));
    }
    settings.on_demand_maximum_of(index.name).into_iter().for_each(|units| block.maximum(units));
    settings.warm_throughput_of(index.name).into_iter().for_each(|units| block.warm(units));
}

/// The content of a block: its arguments, then its blocks.
#[derive(Default)]
struct Body {
    arguments: Vec<(&'static str, String)>,
    blocks: Vec<(&'static str, Body)>,
    tags: Vec<(String, String)>,
}

impl Body {
    fn text(&mut self, name: &'static str, value: &str) {
        self.arguments.push((name, quoted(value)));
    }

    fn raw(&mut self, name: &'static str, value: impl ToString) {
        self.arguments.push((name, value.to_string()));
    }

    fn block(&mut self, name: &'static str) -> &mut Self {
        self.blocks.push((name, Self::default()));
        match self.blocks.last_mut() {
            Some((_, body)) => body,
            None => unreachable!("one was just pushed"),
        }
    }

    fn provisioned(&mut self, throughput: Throughput) {
        if let Throughput::Provisioned { read, write } = throughput {
            self.raw("read_capacity", read);
            self.raw("write_capacity", write);
        }
    }

    fn projection(&mut self, projection: IndexProjection) {
        let (kind, names) = projected(projection);
        self.text("projection_type", kind);
        if !names.is_empty() {
            let names = names.iter().map(|name| quoted(name)).collect::<Vec<_>>();
            self.raw("non_key_attributes", format!("[{}]", names.join(", ")));
        }
    }

    fn maximum(&mut self, units: RequestUnits) {
        if units.new_maximum().is_some() {
            let block = self.block("on_demand_throughput");
            units.read.into_iter().for_each(|units| block.raw("max_read_request_units", units));
            units.write.into_iter().for_each(|units| block.raw("max_write_request_units", units));
        }
    }

    fn warm(&mut self, units: RequestUnits) {
        let block = self.block("warm_throughput");
        units.read.into_iter().for_each(|units| block.raw("read_units_per_second", units));
        units.write.into_iter().for_each(|units| block.raw("write_units_per_second", units));
    }

    fn write(&self, text: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        let width = self.arguments.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in &self.arguments {
            *text += &format!("{indent}{name:width$} = {value}\n");
        }
        for (name, body) in &self.blocks {
            *text += &format!("\n{indent}{name} {{\n");
            body.write(text, depth + 1);
            *text += &format!("{indent}}}\n");
        }
        if !self.tags.is_empty() {
            let width = self.tags.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
            *text += &format!("\n{indent}tags = {{\n");
            for (key, value) in &self.tags {
                *text += &format!("{indent}  {key:width$} = {value}\n");
            }
            *text += &format!("{indent}}}\n");
        }
    }
}

/// The name of the resource: that of the table, as far as Terraform takes it.
fn label(table: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let label: String = table.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    match label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        true => label,
        false => format!("_{label}"),
    }
}

/// A string literal, in which nothing is a template.
fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal += "\\n",
            '\t' => literal += "\\t",
            '\r' => literal += "\\r",
            c => literal.push(c),
        }
    }
    literal.replace("${", "$${").replace("%{", "%%{") + "\""
}
