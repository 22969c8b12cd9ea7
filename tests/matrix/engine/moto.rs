use super::{Deviation, Engine};

/// moto, of PyPI.
pub(super) const MOTO: Engine = Engine { name: "moto", lacks: &[], deviations: DEVIATIONS };

const DEVIATIONS: &[Deviation] = &[
    Deviation::new(
        "sizes of items are counted otherwise: those of nearly 400 KB are refused",
        &["writes::an_item_of_400_kb_is_stored", "key_value::an_item_that_is_too_large_is_refused"],
    ),
    Deviation::new("numbers are kept as texts: `1.00` stays `1.00`", &["values::numbers_have_one_text"]),
    Deviation::new(
        "numbers of more than 38 digits are stored",
        &["values::numbers_beyond_38_digits_are_refused"],
    ),
    Deviation::new(
        "documents may be nested deeper than 32 levels",
        &["values::documents_are_nested_32_deep"],
    ),
    Deviation::new("sets may hold a member twice", &["values::sets_with_a_double_are_refused"]),
    Deviation::new(
        "the keys of indexes may be of another type",
        &["values::a_key_of_another_type_is_refused"],
    ),
    Deviation::new(
        "attributes that are both absent are equal",
        &["conditions::absent_attributes_are_equal_to_nothing"],
    ),
    Deviation::new(
        "a filter with `size` of an absent attribute is an internal error",
        &["conditions::functions_select_what_they_say", "generated::filters_mean_what_they_mean_in_memory"],
    ),
    Deviation::new(
        "arithmetic with an exponent, such as `1E-37`, is an internal error",
        &["updates::numbers_are_computed_with_38_digits"],
    ),
    Deviation::new(
        "`ClientRequestToken` is ignored: a repeated transaction is applied again",
        &[
            "transactions::a_token_applies_a_transaction_once",
            "transactions::a_token_is_for_one_content",
            "lost_answers::a_count_in_a_transaction_is_counted_once",
            "lost_answers::a_transaction_is_applied_once",
        ],
    ),
    Deviation::by_chance(
        "requests at the same time overwrite one another",
        &[
            "writes::one_of_many_creates_wins",
            "updates::counts_of_many_writers_are_all_counted",
            "versions::racing_writers_lose_no_change",
            "transactions::racing_transfers_lose_no_money",
            "key_value::increments_of_four_clients_are_all_counted",
            "key_value::writers_at_once_lose_no_entry",
        ],
    ),
    Deviation::new(
        "a computation that cannot be done is a refusal of the request, not a reason of the cancellation",
        &["transactions::a_computation_without_a_number_cancels_it"],
    ),
    Deviation::new(
        "TransactGetItems takes 25 keys, not 100",
        &["transactions::entities_are_read_at_one_time"],
    ),
    Deviation::new(
        "the consumed capacity is not counted by sizes, indexes and consistency",
        &[
            "capacity::a_write_costs_what_its_size_predicts",
            "capacity::a_read_costs_what_its_size_predicts",
            "capacity::a_query_costs_the_sum_of_its_items",
            "capacity::a_read_of_nothing_costs_as_well",
            "capacity::a_batch_costs_what_its_items_cost",
            "capacity::a_transaction_costs_twice",
            "capacity::an_index_costs_a_write",
            "capacity::a_changed_index_key_costs_two_writes",
            "capacity::a_query_of_an_index_costs_the_index",
        ],
    ),
    Deviation::new(
        "a write that changes nothing is a record of the stream",
        &["streams::a_write_that_changes_nothing_is_no_change"],
    ),
];
