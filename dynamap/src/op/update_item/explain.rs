use super::{Nothing, Returns, UpdateItem};
use crate::{
    call::{Capacity, Explanation, MAX_ITEM},
    capacity::write_units,
    direct::UPDATE_ITEM,
    entity::{Entity, Item},
    op::write::version_choice::Chosen,
    outcome::Result,
};

impl<'a, E: Entity, V: Returns<E>, C> UpdateItem<'a, E, V, C> {
    /// The request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        if self.changes_unique().is_some() && V::nothing().is_some() {
            return self.returning::<Nothing>().with_types::<Nothing, Chosen>().transactional().explain();
        }
        let operators = self.target.as_ref().map_or(0, |target| target.update.operators());
        let condition = self.whole_condition().map_or(0, |condition| condition.operators());
        let mut least =
            self.target.as_ref().map_or_else(|_| Item::new(), |target| target.update.whole_values());
        let billing = self.handle.billing;
        let request = self.only_request()?;
        least.extend(request.get_key().clone().unwrap_or_default());
        let capacity = Capacity::of_write(billing);
        Ok(Explanation::new(UPDATE_ITEM.name, request.get_table_name(), capacity)
            .at_least(billing.item_size(&least))
            .in_indexes_of::<E>(2.0 * write_units(MAX_ITEM))
            .item("Key", request.get_key())
            .expression("UpdateExpression", request.get_update_expression(), operators)
            .expression("ConditionExpression", request.get_condition_expression(), condition)
            .names(request.get_expression_attribute_names())
            .item("ExpressionAttributeValues", request.get_expression_attribute_values())
            .returns(request.get_return_values(), request.get_return_values_on_condition_check_failure())
            .returns_capacity(request.get_return_consumed_capacity()))
    }
}
