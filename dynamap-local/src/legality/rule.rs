/// A rule of DynamoDB that a request can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// An item has at most 409,600 bytes (400 KB).
    ItemSize,
    /// A number has at most 38 significant digits, and is 0 or from 1E-130 to 9.99…E+125 on either side of it.
    Number,
    /// Lists and maps nest at most 32 levels.
    Nesting,
    /// A set has members, and each only once: as numbers, `1` and `1.0` are one.
    Set,
    /// A request has the whole primary key and nothing else in its place; an item has it too.
    KeySchema,
    /// A key attribute has the type of its definition, in indexes too.
    KeyType,
    /// A key attribute is not empty, in indexes too.
    EmptyKey,
    /// A partition key has at most 2048 bytes and a sort key 1024, in indexes too.
    KeySize,
    /// An update does not change a key attribute of the table.
    KeyUpdate,
    /// A filter of a query has no key attribute of what is queried.
    KeyInFilter,
    /// BatchWriteItem has 1 to 25 requests, BatchGetItem 1 to 100 keys, a transaction 1 to 100 actions.
    Count,
    /// BatchWriteItem has at most 16 MB, a transaction 4 MB.
    TotalSize,
    /// A batch or a transaction has an item once: as numbers, the keys `1` and `1.0` are one.
    DuplicateKey,
    /// A transaction's `ClientRequestToken` has 1 to 36 characters.
    ClientRequestToken,
    /// An expression has at most 4096 bytes (4 KB).
    ExpressionSize,
    /// An expression has at most 300 operators and functions.
    Operators,
    /// `IN` has at most 100 operands.
    InOperands,
    /// The lower bound of `BETWEEN` is not above the upper one, and both are of one type.
    BetweenBounds,
    /// `<`, `<=`, `>` and `>=` compare numbers, strings and binaries; `attribute_type` takes a type's name.
    Operand,
    /// A function is spelled as in the documentation, in lower case.
    Function,
    /// A name in an expression begins with a letter; others need a placeholder.
    BareName,
    /// Every `#name` and `:value` of an expression is defined.
    UndefinedPlaceholder,
    /// Every defined placeholder is used in an expression.
    UnusedPlaceholder,
    /// A placeholder has at most 255 bytes.
    PlaceholderSize,
    /// No path of an update, or of a projection, is a part of another.
    OverlappingPaths,
    /// A query or scan of a global secondary index filters and projects only attributes that are in it.
    Unprojected,
    /// The engine refused the request by itself, with `ValidationException` or `SerializationException`. Some of that
    /// depends on the stored item, such as an `ADD` to a string.
    Engine,
}
