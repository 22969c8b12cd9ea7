use super::Placeholders;
use crate::{
    error::KeyError,
    key::{KeyCondition, KeyConditionParts, SortKeyOperator},
    schema::Source,
};

impl<E, I: Source> KeyCondition<E, I> {
    /// The name of the index that a query with this reads; `None` for the table itself.
    pub fn index_name(&self) -> Option<&'static str> {
        I::INDEX.map(|index| index.name)
    }

    /// The `KeyConditionExpression`, with the attributes by their own names and a placeholder for each value:
    /// `pk = :v0 AND begins_with(sk, :v1)`. It shows no value; [`into_parts`](Self::into_parts) gives them.
    ///
    /// # Errors
    /// A key of the condition could not be made.
    pub fn expression(&self) -> Result<String, KeyError> {
        let parts = self.clone().into_parts()?;
        Ok(expression(parts, &mut Placeholders::default(), |_, attribute| attribute.to_owned()))
    }
}

/// Renders `KeyConditionExpression`: `#n0 = :v0 AND begins_with(#n1, :v1)`.
pub(crate) fn key_condition_expression(parts: KeyConditionParts, placeholders: &mut Placeholders) -> String {
    expression(parts, placeholders, Placeholders::name)
}

fn expression(
    parts: KeyConditionParts,
    placeholders: &mut Placeholders,
    name_of: impl Fn(&mut Placeholders, &str) -> String,
) -> String {
    let mut conditions: Vec<String> = Vec::with_capacity(parts.partition.len() + parts.sort.len());
    for (attribute, value) in parts.partition {
        let (name, value) = (name_of(placeholders, attribute), placeholders.value(value));
        conditions.push(format!("{name} = {value}"));
    }
    for (attribute, operator) in parts.sort {
        let name = name_of(placeholders, attribute);
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
