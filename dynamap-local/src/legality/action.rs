//! The rules of one item, one key, one action or one query, with its expressions.

use serde_json::{Map, Value};

use super::expression;
use super::findings::Findings;
use super::keys;
use super::placeholders::Placeholders;
use super::rule::Rule;
use super::schema::{Index, KeyAttribute, Schema};
use super::syntax::ExpressionKind;
use super::value::{self, item_size};

/// DynamoDB: the most bytes of an item.
const MAX_ITEM: usize = 400 * 1024;

pub(super) fn check_item(item: &Map<String, Value>, schema: Option<&Schema>, findings: &mut Findings) {
    item.values().for_each(|member| value::check(member, findings));
    if item_size(item) > MAX_ITEM {
        findings.push((Rule::ItemSize, "Item size has exceeded the maximum allowed size".to_owned()));
    }
    if let Some(schema) = schema {
        keys::check_item(item, schema, findings);
    }
}

pub(super) fn check_key(key: &Map<String, Value>, schema: Option<&Schema>, findings: &mut Findings) {
    key.values().for_each(|member| value::check(member, findings));
    if let Some(schema) = schema {
        keys::check_key(key, schema, findings);
    }
}

/// Checks PutItem, GetItem, UpdateItem, DeleteItem, or an action of a transaction.
pub(super) fn check_action(action: &Value, schema: Option<&Schema>, findings: &mut Findings) {
    if let Some(item) = action["Item"].as_object() {
        check_item(item, schema, findings);
    }
    if let Some(key) = action["Key"].as_object() {
        check_key(key, schema, findings);
    }
    let mut placeholders = Placeholders::new(action, findings);
    expression::check(ExpressionKind::Condition, action, &mut placeholders, findings);
    expression::check(ExpressionKind::Projection, action, &mut placeholders, findings);
    let update = expression::check(ExpressionKind::Update, action, &mut placeholders, findings);
    placeholders.check_unused(findings);
    let Some(schema) = schema else { return };
    for target in &update.targets {
        let changed = schema.key.iter().find(|attribute| target.attribute() == Some(&attribute.name));
        if let Some(KeyAttribute { name, .. }) = changed {
            let message = "One or more parameter values were invalid: Cannot update attribute";
            findings.push((Rule::KeyUpdate, format!("{message} {name}. This attribute is part of the key")));
        }
    }
    let assigned = update.assigned.iter();
    let assigned: Map<String, Value> = assigned
        .filter_map(|(name, value)| Some((name.clone(), placeholders.value(value)?.clone())))
        .collect();
    keys::check_index_keys(&assigned, schema, findings);
}

/// Checks the expressions of SearchVectors.
pub(super) fn check_search(search: &Value, findings: &mut Findings) {
    let mut placeholders = Placeholders::new(search, findings);
    expression::check(ExpressionKind::SearchCondition, search, &mut placeholders, findings);
    expression::check(ExpressionKind::Projection, search, &mut placeholders, findings);
    placeholders.check_unused(findings);
}

/// Checks Query, Scan, or the keys of one table in BatchGetItem.
pub(super) fn check_read(operation: &str, read: &Value, schema: Option<&Schema>, findings: &mut Findings) {
    let mut placeholders = Placeholders::new(read, findings);
    expression::check(ExpressionKind::KeyCondition, read, &mut placeholders, findings);
    let filter = expression::check(ExpressionKind::Filter, read, &mut placeholders, findings);
    let projection = expression::check(ExpressionKind::Projection, read, &mut placeholders, findings);
    placeholders.check_unused(findings);
    let Some(schema) = schema else { return };
    let index = read["IndexName"].as_str().and_then(|name| schema.index(name));
    let filtered = || filter.paths.iter().filter_map(|path| path.attribute());
    if operation == "Query" {
        let key = index.map_or(&schema.key, |index| &index.key);
        let named = filtered().find(|name| key.iter().any(|attribute| attribute.name == **name));
        if let Some(name) = named {
            let message =
                "Filter Expression can only contain non-primary key attributes: Primary key attribute:";
            findings.push((Rule::KeyInFilter, format!("{message} {name}")));
        }
    }
    if let Some(Index { name, attributes: Some(attributes), .. }) = index {
        let projected = projection.paths.iter().filter_map(|path| path.attribute());
        if let Some(missing) = filtered().chain(projected).find(|attribute| !attributes.contains(*attribute))
        {
            let message = "One or more parameter values were invalid: Global secondary index";
            findings.push((Rule::Unprojected, format!("{message} {name} does not project [{missing}]")));
        }
    }
}
