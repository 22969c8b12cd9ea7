use super::Placeholders;
use crate::key::{KeyConditionParts, SortKeyOperator};

/// Renders `KeyConditionExpression`: `#n0 = :v0 AND begins_with(#n1, :v1)`.
pub(crate) fn key_condition_expression(parts: KeyConditionParts, placeholders: &mut Placeholders) -> String {
    let mut conditions: Vec<String> = Vec::with_capacity(parts.partition.len() + parts.sort.len());
    for (attribute, value) in parts.partition {
        let (name, value) = (placeholders.name(attribute), placeholders.value(value));
        conditions.push(format!("{name} = {value}"));
    }
    for (attribute, operator) in parts.sort {
        let name = placeholders.name(attribute);
        conditions.push(sort_condition(&name, operator, placeholders));
    }
    conditions.join(" AND ")
}

fn sort_condition(name: &str, operator: SortKeyOperator, placeholders: &mut Placeholders) -> String {
    let symbol = operator.name();
    match operator {
        SortKeyOperator::Equal(value)
        | SortKeyOperator::Less(value)
        | SortKeyOperator::LessOrEqual(value)
        | SortKeyOperator::Greater(value)
        | SortKeyOperator::GreaterOrEqual(value) => format!("{name} {symbol} {}", placeholders.value(value)),
        SortKeyOperator::Between(from, to) => {
            format!("{name} {symbol} {} AND {}", placeholders.value(from), placeholders.value(to))
        }
        SortKeyOperator::BeginsWith(value) => format!("{symbol}({name}, {})", placeholders.value(value)),
    }
}
