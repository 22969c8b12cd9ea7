//! The syntax of expressions: their kinds, document paths and the parts that the rules look at.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExpressionKind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    SearchCondition,
    Update,
}

impl ExpressionKind {
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::SearchCondition => "SearchConditionExpression",
            Self::Update => "UpdateExpression",
        }
    }

    pub(super) fn functions(self) -> &'static [&'static str] {
        match self {
            Self::Condition | Self::Filter => &[
                "attribute_exists",
                "attribute_not_exists",
                "attribute_type",
                "begins_with",
                "contains",
                "size",
            ],
            Self::KeyCondition => &["begins_with"],
            Self::Projection | Self::SearchCondition => &[],
            Self::Update => &["if_not_exists", "list_append"],
        }
    }
}

/// A document path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DocumentPath(pub(super) Vec<PathElement>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PathElement {
    Name(String),
    Index(String),
}

impl DocumentPath {
    /// The attribute that it begins with.
    pub(super) fn attribute(&self) -> Option<&str> {
        match self.0.first()? {
            PathElement::Name(name) => Some(name),
            PathElement::Index(_) => None,
        }
    }

    /// Returns true if one path is a part of the other, or if both go on from the same place, one by a name and one by an
    /// index.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match self.0.iter().zip(&other.0).find(|(one, other)| one != other) {
            None => true,
            Some((one, other)) => {
                matches!(one, PathElement::Name(_)) != matches!(other, PathElement::Name(_))
            }
        }
    }
}

/// The parts of an expression that the rules look at.
#[derive(Debug, Default)]
pub(super) struct Expression {
    /// All paths, those of an update's targets included.
    pub(super) paths: Vec<DocumentPath>,
    /// The paths that an update changes.
    pub(super) targets: Vec<DocumentPath>,
    /// The attributes that an update sets to a value, each with its placeholder.
    pub(super) assigned: Vec<(String, String)>,
    pub(super) operators: usize,
    pub(super) in_operands: usize,
}
