use crate::{
    call::{Capacity, Explanation},
    capacity::{Billing, item_size},
    direct::{DELETE_ITEM, PUT_ITEM, TRANSACT_WRITE_ITEMS, UPDATE_ITEM},
    entity::{Entity, Item, KeyValues, attributes_of},
    error::{ExpressionError, ExpressionErrorKind},
    expr::{Condition, ConditionExpression, Placeholders},
    op::write::{
        demand::Demand,
        settle::Settlement,
        unique::{Guard, StoredValues, UniqueChange, UniqueChanges, UniqueRules, UniqueWrite, changed},
    },
    outcome::Result,
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    error::BuildError,
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use std::{collections::HashMap, fmt, sync::Arc};

/// One action of a transaction, which does not tell its entity in its type any more.
pub struct Action<'a> {
    pub(super) kind: ActionKind,
    pub(super) entity: &'static str,
    pub(super) table: Arc<str>,
    /// True if it was added as one of another table.
    pub(super) is_elsewhere: bool,
    /// The Regions of the transaction and of its table, if they are not the same.
    pub(super) regions: Option<(String, String)>,
    pub(super) settlement: Settlement<'a>,
    /// None if there is nothing to do.
    pub(super) write: Result<Option<ActionMembers>>,
    /// The unique fields that it changes, or may.
    pub(super) unique: Option<UniqueWrite>,
}

/// The kind of an action in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActionKind {
    Put,
    Update,
    Delete,
    ConditionCheck,
}

impl ActionKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Put => "Put",
            Self::Update => "Update",
            Self::Delete => "Delete",
            Self::ConditionCheck => "ConditionCheck",
        }
    }

    /// The operation that does the same by itself.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Put => PUT_ITEM.name,
            Self::Update => UPDATE_ITEM.name,
            Self::Delete => DELETE_ITEM.name,
            Self::ConditionCheck => TRANSACT_WRITE_ITEMS.name,
        }
    }
}

/// The members of an action.
#[derive(Debug, Clone)]
pub(super) struct ActionMembers {
    kind: ActionKind,
    /// `None` only if a key attribute is of no type that keys can have, which DynamoDB refuses.
    pub(super) identity: Option<KeyValues>,
    /// The item that is put, or the key.
    attributes: Item,
    update: Option<String>,
    condition: Option<String>,
    names: Option<HashMap<String, String>>,
    values: Option<Item>,
    operators: Operators,
    pub(super) billing: Billing,
    /// The names of the key attributes; none of a write of no entity.
    key_names: [Option<&'static str>; 2],
}

/// The number of operators in the expressions of an action.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::op) struct Operators {
    pub(in crate::op) update: usize,
    pub(in crate::op) condition: usize,
}

impl<'a> Action<'a> {
    pub(in crate::op) fn put<E: Entity>(
        table: Arc<str>,
        settlement: Settlement<'a>,
        condition: Option<Condition<E>>,
        item: Result<Item>,
        is_known: bool,
    ) -> Self {
        let rules = UniqueRules::of::<E>();
        let now = time_of(&settlement);
        let unique = rules.zip(item.as_ref().ok()).map(|(rules, item)| {
            let values = rules.values_of(item);
            let is_of_absent = settlement.demand.as_ref().is_some_and(Demand::is_of_absent);
            let stored = match is_of_absent {
                true => StoredValues::MustBeAbsent,
                false => StoredValues::guessed(is_known, &values),
            };
            UniqueWrite { rules, key: rules.key_of(item), change: UniqueChange::Put(values), stored, now }
        });
        Self { unique, ..Self::new(ActionKind::Put, table, settlement, condition, item) }
    }

    pub(in crate::op) fn delete<E: Entity>(
        table: Arc<str>,
        settlement: Settlement<'a>,
        condition: Option<Condition<E>>,
        key: Result<Item>,
    ) -> Self {
        let rules = UniqueRules::of::<E>();
        let now = time_of(&settlement);
        let unique = rules.zip(key.as_ref().ok()).map(|(rules, key)| {
            let (change, stored) = (UniqueChange::Delete, StoredValues::Unread);
            UniqueWrite { rules, key: key.clone(), change, stored, now }
        });
        Self { unique, ..Self::new(ActionKind::Delete, table, settlement, condition, key) }
    }

    pub(super) fn check<E: Entity>(
        table: Arc<str>,
        demand: Demand,
        condition: Option<Condition<E>>,
        key: Result<Item>,
    ) -> Self {
        let settlement = Settlement { demand: Some(demand), ..Settlement::default() };
        // DynamoDB: a check has a condition.
        let key = match &condition {
            Some(_) => key,
            None => Err(ExpressionError::new(ExpressionErrorKind::Constant(true)).into()),
        };
        Self::new(ActionKind::ConditionCheck, table, settlement, condition, key)
    }

    /// An action without an update expression.
    fn new<E: Entity>(
        kind: ActionKind,
        table: Arc<str>,
        settlement: Settlement<'a>,
        condition: Option<Condition<E>>,
        attributes: Result<Item>,
    ) -> Self {
        let write = attributes.and_then(|attributes| {
            let mut write = ActionMembers::new::<E>(kind, attributes);
            if let Some(condition) = condition {
                write.operators.condition = condition.operators();
                let ConditionExpression { text, names, values } = condition.expression()?;
                (write.condition, write.names, write.values) = (Some(text), names, values);
            }
            Ok(Some(write))
        });
        let (is_elsewhere, regions, unique) = (false, None, None);
        Self { kind, entity: E::NAME, table, is_elsewhere, regions, settlement, write, unique }
    }

    /// An update, or none if there is nothing to change; a check where all that it writes is in the key.
    pub(in crate::op) fn update<E: Entity>(
        table: Arc<str>,
        settlement: Settlement<'a>,
        operators: Operators,
        request: Result<Option<UpdateItemFluentBuilder>>,
        (changes, may_be_new, is_known): (Option<UniqueChanges>, bool, bool),
    ) -> Self {
        let rules = UniqueRules::of::<E>().zip(changes);
        let now = time_of(&settlement);
        let request = request.and_then(|request| {
            let Some((rules, changes)) = rules else { return Ok((request, None)) };
            let changes = changes?;
            let key = request.as_ref().and_then(|request| request.get_key().clone()).unwrap_or_default();
            let stored = StoredValues::guessed(is_known, &changed(key.clone(), &changes));
            let change = UniqueChange::Update(changes, may_be_new);
            Ok((request, Some(UniqueWrite { rules, key, change, stored, now })))
        });
        let (request, unique) = match request {
            Ok((request, unique)) => (Ok(request), unique),
            Err(error) => (Err(error), None),
        };
        let write = request.map(|request| {
            let request = request?;
            // DynamoDB: an update in a transaction has an expression.
            let kind = request
                .get_update_expression()
                .as_ref()
                .map_or(ActionKind::ConditionCheck, |_| ActionKind::Update);
            Some(ActionMembers {
                update: request.get_update_expression().clone(),
                condition: request.get_condition_expression().clone(),
                names: request.get_expression_attribute_names().clone(),
                values: request.get_expression_attribute_values().clone(),
                operators,
                ..ActionMembers::new::<E>(kind, request.get_key().clone().unwrap_or_default())
            })
        });
        let (kind, is_elsewhere, regions) = (ActionKind::Update, false, None);
        Self { kind, entity: E::NAME, table, is_elsewhere, regions, settlement, write, unique }
    }
}

/// The time of the conditions of a write; before everything expires, if it has none.
fn time_of(settlement: &Settlement<'_>) -> i64 {
    settlement.demand.as_ref().map_or(0, Demand::now)
}

impl ActionMembers {
    fn new<E: Entity>(kind: ActionKind, attributes: Item) -> Self {
        let (identity, operators) = (KeyValues::of_item::<E::Table>(&attributes), Operators::default());
        let billing = Billing::of::<E::Table>();
        let (update, condition, names, values) = (None, None, None, None);
        let key_names = [Some(E::Table::PARTITION_KEY.name), E::Table::SORT_KEY.map(|key| key.name)];
        Self { kind, identity, attributes, update, condition, names, values, operators, billing, key_names }
    }

    /// A write of an item that is of no entity.
    pub(super) fn of_no_entity(
        kind: ActionKind,
        (identity, billing): (Option<KeyValues>, Billing),
        attributes: Item,
        (condition, condition_operators): (String, usize),
        mut placeholders: Placeholders,
    ) -> Self {
        let operators = Operators { condition: condition_operators, ..Operators::default() };
        let (names, values) = (placeholders.take_names(), placeholders.take_values());
        let (update, condition, key_names) = (None, Some(condition), [None; 2]);
        Self { kind, identity, attributes, update, condition, names, values, operators, billing, key_names }
    }

    /// The same without a condition.
    pub(super) fn unconditional(self) -> Self {
        Self { condition: None, ..self }
    }

    /// The same with one more condition on the item.
    pub(super) fn guarded(mut self, guard: &Guard) -> Self {
        let (mut names, mut values) =
            (self.names.take().unwrap_or_default(), self.values.take().unwrap_or_default());
        let condition = guard.render(&mut names, &mut values);
        self.condition = Some(match self.condition.take() {
            Some(own) => format!("({own}) AND {condition}"),
            None => condition,
        });
        self.operators.condition += guard.operators();
        self.names = Some(names);
        self.values = (!values.is_empty()).then_some(values);
        self
    }

    /// The primary key of the item.
    pub(super) fn key(&self) -> Item {
        attributes_of(&self.attributes, self.key_names.into_iter().flatten())
    }

    pub(super) fn kind(&self) -> ActionKind {
        self.kind
    }

    /// The size of the item that is put, or of the key, for the limits of DynamoDB.
    pub(super) fn size(&self) -> usize {
        item_size(&self.attributes)
    }

    /// The same size for capacity.
    pub(super) fn billed_size(&self) -> usize {
        self.billing.item_size(&self.attributes)
    }

    /// The current item comes with each failed condition, which costs nothing.
    fn returned(&self) -> Option<ReturnValuesOnConditionCheckFailure> {
        self.condition.as_ref().map(|_| ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// The action in the SDK's types.
    pub(super) fn into_sdk(self, table: &str) -> TransactWriteItem {
        let (action, returned) = (TransactWriteItem::builder(), self.returned());
        macro_rules! build {
            ($builder:expr) => {
                built(
                    $builder
                        .table_name(table)
                        .set_condition_expression(self.condition)
                        .set_expression_attribute_names(self.names)
                        .set_expression_attribute_values(self.values)
                        .set_return_values_on_condition_check_failure(returned)
                        .build(),
                )
            };
        }
        let attributes = Some(self.attributes);
        let action = match self.kind {
            ActionKind::Put => action.put(build!(Put::builder().set_item(attributes))),
            ActionKind::Update => {
                let update = Update::builder().set_key(attributes).set_update_expression(self.update);
                action.update(build!(update))
            }
            ActionKind::Delete => action.delete(build!(Delete::builder().set_key(attributes))),
            ActionKind::ConditionCheck => {
                action.condition_check(build!(ConditionCheck::builder().set_key(attributes)))
            }
        };
        action.build()
    }

    /// The request of the action and its cost, as if it were sent by itself.
    pub(super) fn explain(self, table: &str) -> Explanation {
        let returned = self.returned();
        let attributes = Some(self.attributes);
        let explanation =
            Explanation::new(self.kind.name(), &Some(table.to_owned()), Capacity::of_write(self.billing));
        let explanation = match self.kind {
            ActionKind::Put => explanation.new_item(&attributes, self.billing),
            _ => explanation.item("Key", &attributes),
        };
        let explanation = match &self.update {
            Some(_) => explanation.expression("UpdateExpression", &self.update, self.operators.update),
            None => explanation,
        };
        explanation
            .expression("ConditionExpression", &self.condition, self.operators.condition)
            .names(&self.names)
            .item("ExpressionAttributeValues", &self.values)
            .returns(&None, &returned)
    }
}

/// Such as ``Update of `Order` ``.
impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of `{}`", self.kind.name(), self.entity)
    }
}

fn built<T>(built: Result<T, BuildError>) -> T {
    match built {
        Ok(built) => built,
        Err(_) => unreachable!("the builder was given all members that are required"),
    }
}
