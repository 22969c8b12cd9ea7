//! What a check needs to know of an expression.

use super::placeholders::Placeholders;
use super::request::Findings;
use super::rule::Rule;
use super::scan::Scan;

/// DynamoDB: the most bytes, operators with functions, and operands of `IN`.
const MAX_BYTES: usize = 4096;
const MAX_OPERATORS: usize = 300;
const MAX_IN_OPERANDS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    Update,
}

impl Kind {
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
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
            Self::Projection => &[],
            Self::Update => &["if_not_exists", "list_append"],
        }
    }
}

/// A document path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path(pub(super) Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name(String),
    Index(String),
}

impl Path {
    /// The attribute that it begins with.
    pub(super) fn attribute(&self) -> Option<&str> {
        match self.0.first()? {
            Step::Name(name) => Some(name),
            Step::Index(_) => None,
        }
    }

    /// One is a part of the other, or both go on from the same place, one by a name and one by an index.
    fn overlaps(&self, other: &Self) -> bool {
        match self.0.iter().zip(&other.0).find(|(one, other)| one != other) {
            None => true,
            Some((one, other)) => matches!(one, Step::Name(_)) != matches!(other, Step::Name(_)),
        }
    }
}

/// What is in an expression.
#[derive(Debug, Default)]
pub(super) struct Expression {
    /// All paths, those of an update's targets included.
    pub(super) paths: Vec<Path>,
    /// What an update changes.
    pub(super) targets: Vec<Path>,
    /// The attributes that an update sets to a value, each with its placeholder.
    pub(super) assigned: Vec<(String, String)>,
    pub(super) operators: usize,
    pub(super) in_operands: usize,
}

/// Reads the expression in `action` and checks what needs no table.
pub(super) fn check(
    kind: Kind,
    action: &serde_json::Value,
    placeholders: &mut Placeholders<'_>,
    findings: &mut Findings,
) -> Expression {
    let Some(text) = action[kind.member()].as_str() else { return Expression::default() };
    let expression = Scan::new(kind, text, placeholders, findings).run();
    let mut refuse =
        |rule, message: String| findings.push((rule, format!("Invalid {}: {message}", kind.member())));
    if text.len() > MAX_BYTES {
        let size = text.len();
        refuse(
            Rule::ExpressionSize,
            format!("Expression size has exceeded the maximum allowed size; expression size: {size}"),
        );
    }
    if expression.operators > MAX_OPERATORS {
        let count = expression.operators;
        refuse(
            Rule::Operators,
            format!("The expression contains too many operators; operator count: {count}"),
        );
    }
    if expression.in_operands > MAX_IN_OPERANDS {
        let count = expression.in_operands;
        refuse(
            Rule::InOperands,
            format!("The IN operator is provided with too many operands; number of operands: {count}"),
        );
    }
    let exclusive = match kind {
        Kind::Projection => &expression.paths,
        _ => &expression.targets,
    };
    if exclusive
        .iter()
        .enumerate()
        .any(|(at, path)| exclusive.iter().skip(at + 1).any(|other| path.overlaps(other)))
    {
        refuse(
            Rule::OverlappingPaths,
            "Two document paths overlap with each other; must remove or rewrite one of these paths"
                .to_owned(),
        );
    }
    expression
}
