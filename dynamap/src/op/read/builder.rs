//! The members of a page's request.

/// Sets the members of a page's request that all builders of the SDK have.
macro_rules! set_members {
    ($request:expr, $members:expr) => {
        $request
            .table_name($members.table)
            .set_index_name($members.index)
            .set_filter_expression($members.expressions.filter)
            .set_projection_expression($members.expressions.projection)
            .set_expression_attribute_names($members.expressions.names)
            .set_expression_attribute_values($members.expressions.values)
            .set_consistent_read($members.consistent_read)
            .set_limit($members.limit)
            .set_select($members.select)
            .set_exclusive_start_key($members.start)
            .set_return_consumed_capacity($members.returned_capacity)
    };
}
pub(in crate::op) use set_members;
