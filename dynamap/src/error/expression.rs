use super::{EncodeError, Redacted};
use std::{error::Error, fmt};

/// An expression that DynamoDB would refuse, found before any request.
///
/// It never holds a value, and shows no key of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError(Box<ExpressionErrorKind>);

/// The reason why an expression cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpressionErrorKind {
    /// The expression is longer than DynamoDB allows.
    TooLong {
        /// The length in bytes.
        size: usize,
        /// The most bytes that DynamoDB takes.
        limit: usize,
    },
    /// More operators and functions than DynamoDB allows.
    TooManyOperators {
        /// The number of operators and functions of the expression, at least.
        count: usize,
        /// The most that DynamoDB takes.
        limit: usize,
    },
    /// More values in an `IN` than DynamoDB allows.
    TooManyOperands {
        /// The number of operands of the list.
        count: usize,
        /// The most that DynamoDB takes.
        limit: usize,
    },
    /// A path, or conditions inside one another, are deeper than this many levels.
    TooDeep {
        /// The most levels that are taken.
        limit: usize,
    },
    /// The lower bound of a `BETWEEN` is above its upper bound.
    BoundsSwapped,
    /// An `AND` or an `OR` of no conditions.
    Empty,
    /// An `IN` without values.
    NoValues,
    /// An update without actions.
    NoActions,
    /// A condition that is always true stands alone where a condition has to be (`true`), or one that is never true (`false`).
    /// DynamoDB has none of them.
    Constant(bool),
    /// Both operands of an operator are the same attribute.
    SameOperands,
    /// The operator does not take values of this data type.
    DataType {
        /// The operator as DynamoDB writes it.
        operator: &'static str,
        /// The data type of the value, such as `a map (M)`.
        found: &'static str,
    },
    /// A filter asks for a key attribute of the table or index that is read, which the key condition selects.
    KeyAttribute(&'static str),
    /// A filter asks for an attribute that the global index which is read does not hold.
    NotInIndex {
        /// The attribute's name.
        attribute: String,
        /// The index's name.
        index: &'static str,
    },
    /// Two actions of an update are on one path, or on a path and another inside it.
    Overlap(Redacted, Redacted),
    /// An update changes only some of the attributes that an index key is made of; this one is missing.
    IndexKey(&'static str),
    /// An update leaves an item the vector in this attribute without the partition key of the vector index, and the entity is
    /// `strict`: it removes what the key is made of, or may create an item with the vector and does not set all of that.
    Unsearched(&'static str),
    /// An update computes this attribute, which is unique or the time to live of an entity with unique fields: they are set to
    /// values only.
    UniqueComputed(&'static str),
    /// An update changes this attribute, which is unique or the time to live of an entity with unique fields. So it is a
    /// transaction, which returns nothing, and the SDK has no builder of it.
    UniqueAlone(&'static str),
    /// A search asks twice for this inline filter.
    InlineFilterTwice(&'static str),
    /// A search asks for this many results, and DynamoDB returns 1 to 100.
    TopK(usize),
    /// The name of an attribute is empty or too long.
    Name {
        /// The length in bytes.
        size: usize,
        /// The most bytes that DynamoDB takes.
        limit: usize,
    },
    /// An update changes this attribute by a name that is known only when the program runs, and the entity or its table has it for
    /// itself.
    Reserved(&'static str),
    /// This attribute is given to an upsert, which may create the item.
    GivenToUpsert(&'static str),
    /// The item does not have what the update needs to change this path. Only in memory: DynamoDB answers such an
    /// update with a `ValidationException`, or refuses the condition of what is given.
    Inapplicable(Redacted),
    /// A filter of one member of an item collection, in a table that does not store which entity an item is of.
    NoEntityType,
    /// A value cannot be stored, so nothing can be equal to it.
    Encode(EncodeError),
}

impl ExpressionError {
    #[cold]
    pub(crate) fn new(kind: ExpressionErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// The same error, with the place of a value that cannot be stored.
    pub(crate) fn located(mut self, locate: impl FnOnce(EncodeError) -> EncodeError) -> Self {
        if let ExpressionErrorKind::Encode(error) = &mut *self.0 {
            *error = locate(error.clone());
        }
        self
    }

    /// The reason why the expression cannot be sent.
    pub fn kind(&self) -> &ExpressionErrorKind {
        &self.0
    }
}

impl From<EncodeError> for ExpressionError {
    fn from(error: EncodeError) -> Self {
        Self::new(ExpressionErrorKind::Encode(error))
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            ExpressionErrorKind::TooLong { size, limit } => {
                write!(f, "the expression has {size} bytes, more than the {limit} that DynamoDB takes")
            }
            ExpressionErrorKind::TooManyOperators { count, limit } => {
                write!(f, "the expression has {count} operators, more than the {limit} that DynamoDB takes")
            }
            ExpressionErrorKind::TooManyOperands { count, limit } => {
                write!(f, "IN has {count} values, more than the {limit} that DynamoDB takes")
            }
            ExpressionErrorKind::TooDeep { limit } => {
                write!(f, "the expression is deeper than {limit} levels")
            }
            ExpressionErrorKind::BoundsSwapped => {
                f.write_str("the lower bound of BETWEEN is above its upper bound")
            }
            ExpressionErrorKind::Empty => f.write_str("a condition joins no others"),
            ExpressionErrorKind::NoValues => f.write_str("`IN` has no values to compare with"),
            ExpressionErrorKind::NoActions => f.write_str("the update has no actions"),
            ExpressionErrorKind::Constant(true) => {
                f.write_str("a condition that is always true cannot be sent")
            }
            ExpressionErrorKind::Constant(false) => {
                f.write_str("a condition that is never true cannot be sent")
            }
            ExpressionErrorKind::SameOperands => {
                f.write_str("both operands of an operator are the same attribute")
            }
            ExpressionErrorKind::DataType { operator, found } => {
                write!(f, "`{operator}` does not take {found}")
            }
            ExpressionErrorKind::KeyAttribute(name) => {
                write!(f, "a filter cannot ask for the key attribute `{name}`")
            }
            ExpressionErrorKind::NotInIndex { attribute, index } => {
                write!(
                    f,
                    "a filter asks for `{}`, which the index `{index}` does not hold",
                    attribute.escape_debug()
                )
            }
            ExpressionErrorKind::Overlap(first, second) => {
                write!(f, "two actions of the update overlap: on `{first}` and on `{second}`")
            }
            ExpressionErrorKind::IndexKey(name) => {
                write!(f, "the update changes an index key without a value for `{name}`, which it is made of")
            }
            ExpressionErrorKind::Unsearched(name) => {
                write!(
                    f,
                    "the update leaves the item its vector `{name}` without the partition key of the vector index"
                )
            }
            ExpressionErrorKind::UniqueComputed(name) => {
                write!(
                    f,
                    "the update computes `{name}`, which sentinel items of unique fields hold; set it to a value"
                )
            }
            ExpressionErrorKind::UniqueAlone(name) => {
                write!(
                    f,
                    "the update changes `{name}` together with sentinel items of unique fields, so that it is a transaction, which returns nothing"
                )
            }
            ExpressionErrorKind::InlineFilterTwice(name) => {
                write!(f, "a search asks twice for the inline filter `{name}`")
            }
            ExpressionErrorKind::TopK(found) => {
                write!(f, "a search asks for {found} results, and DynamoDB returns 1 to 100")
            }
            ExpressionErrorKind::Name { size, limit } => {
                write!(f, "the name of an attribute has {size} bytes, and DynamoDB takes 1 to {limit}")
            }
            ExpressionErrorKind::Reserved(name) => {
                write!(
                    f,
                    "the entity or its table has the attribute `{name}` for itself, so it is not changed by its name"
                )
            }
            ExpressionErrorKind::GivenToUpsert(name) => {
                write!(f, "`{name}` is given to an upsert, which may create the item")
            }
            ExpressionErrorKind::Inapplicable(path) => {
                write!(f, "the item does not have what the update needs at `{path}`")
            }
            ExpressionErrorKind::NoEntityType => {
                f.write_str("a filter of one member of an item collection needs an entity type in the table")
            }
            ExpressionErrorKind::Encode(_) => f.write_str("a value of the expression cannot be stored"),
        }
    }
}

impl Error for ExpressionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.0 {
            ExpressionErrorKind::Encode(error) => Some(error),
            _ => None,
        }
    }
}
