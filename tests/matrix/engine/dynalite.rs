use super::{Deviation, Engine};
use crate::matrix::Capability;

/// dynalite, of npm.
pub(super) const DYNALITE: Engine = Engine {
    name: "dynalite",
    lacks: &[
        Capability::Transactions,
        Capability::TimeToLive,
        Capability::Streams,
        Capability::FailedConditionItem,
        Capability::IndexCapacity,
        Capability::MultiAttributeKeys,
    ],
    deviations: DEVIATIONS,
};

const DEVIATIONS: &[Deviation] = &[
    Deviation::new(
        "documents may be nested deeper than 32 levels",
        &["values::documents_are_nested_32_deep"],
    ),
    Deviation::new("the key of an index may be an empty text", &["values::a_key_of_another_type_is_refused"]),
    Deviation::new(
        "attributes that are both absent are equal",
        &["conditions::absent_attributes_are_equal_to_nothing"],
    ),
];
