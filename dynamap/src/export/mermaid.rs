//! Mermaid diagrams.

use super::data_model::DataModel;
use crate::{
    schema::{EntityKey, KeyAttribute, TableSchema},
    value::DataType,
};

/// The mark of a key attribute.
const MARK: &str = "PK";

impl<S: TableSchema> DataModel<S> {
    /// An entity relationship diagram of [Mermaid](https://mermaid.js.org/syntax/entityRelationshipDiagram.html): the table, its
    /// indexes, and the entities in them.
    pub fn mermaid(&self) -> String {
        diagram(self)
    }
}

/// The diagram: the table and its indexes, with the entities that each holds.
fn diagram<S: TableSchema>(model: &DataModel<S>) -> String {
    let mut text = "erDiagram\n".to_owned();
    let key = [Some(S::PARTITION_KEY), S::SORT_KEY];
    let mut primary = Vec::from_iter(key.into_iter().flatten().map(|key| key_line(&key)));
    primary.extend(S::TTL.map(|name| line("N", name, "\"time to live\"")));
    text += &block(&model.table, &primary);
    for index in S::INDEXES {
        let keys = index.partition_key.iter().chain(index.sort_key).map(key_line);
        text += &block(index.name, &Vec::from_iter(keys));
    }
    for index in S::VECTOR_INDEXES {
        let keys = index.partition_key.iter().chain(index.inline_filters).map(key_line);
        let vector = line("L", index.vector, &quoted(&format!("{} dimensions", index.dimensions)));
        text += &block(index.name, &Vec::from_iter(keys.chain([vector])));
    }
    for entity in &model.entities {
        let attributes = entity.attributes();
        let lines = attributes.iter().map(|attribute| {
            line(attribute.data_type.map_or("any", DataType::descriptor), attribute.name, "")
        });
        text += &block(entity.name, &Vec::from_iter(lines));
    }
    for entity in &model.entities {
        for key in entity.keys {
            let from = key.index.unwrap_or(&model.table);
            text +=
                &format!("    {} ||--o{{ {} : {}\n", quoted(from), quoted(entity.name), quoted(&label(key)));
        }
    }
    text
}

/// The templates of a key: `CUSTOMER#{customer}, ORDER#{number}`.
fn label(key: &EntityKey) -> String {
    let templates = key.partition_key.iter().chain(key.sort_key).copied().collect::<Vec<_>>();
    match templates.is_empty() {
        true => "vector".into(),
        false => templates.join(", "),
    }
}

fn block(name: &str, lines: &[String]) -> String {
    match lines.is_empty() {
        true => format!("    {}\n", quoted(name)),
        false => format!("    {} {{\n{}    }}\n", quoted(name), lines.concat()),
    }
}

fn key_line(key: &KeyAttribute) -> String {
    line(key.data_type.descriptor(), key.name, MARK)
}

/// An attribute with its type. The name of one is made of letters, digits, `-` and `_`, and is no mark of a key; another name
/// stands in the comment.
fn line(data_type: &str, name: &str, comment: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_mark = ["pk", "fk", "uk"].iter().any(|mark| name.eq_ignore_ascii_case(mark));
    let (shown, comment) = match begins && name.chars().all(is_plain) {
        // Mermaid: the name of an attribute of a primary key may begin with an asterisk.
        true if is_mark && comment == MARK => (format!("*{name}"), comment.to_owned()),
        true if !is_mark => (name.to_owned(), comment.to_owned()),
        _ => {
            let shown: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
            // A key keeps its mark, which stands before a comment.
            let mark = if comment == MARK { MARK } else { "" };
            (format!("_{shown}"), format!("{mark} {}", quoted(name)).trim().to_owned())
        }
    };
    format!("        {}\n", format!("{data_type} {shown} {comment}").trim_end())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "'"))
}
