//! The limits of an expression.

use super::expression_reader::ExpressionReader;
use super::findings::Findings;
use super::placeholders::Placeholders;
use super::rule::Rule;
use super::syntax::{Expression, ExpressionKind};

/// DynamoDB: the most bytes, operators with functions, and operands of `IN`.
const MAX_BYTES: usize = 4096;
const MAX_OPERATORS: usize = 300;
const MAX_IN_OPERANDS: usize = 100;

/// Reads the expression in `action` and checks what needs no table.
pub(super) fn check(
    kind: ExpressionKind,
    action: &serde_json::Value,
    placeholders: &mut Placeholders<'_>,
    findings: &mut Findings,
) -> Expression {
    let Some(text) = action[kind.member()].as_str() else { return Expression::default() };
    let expression = ExpressionReader::new(kind, text, placeholders, findings).read();
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
        ExpressionKind::Projection => &expression.paths,
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
