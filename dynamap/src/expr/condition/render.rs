//! Conditions as DynamoDB reads them.

use super::{
    super::{
        Placeholders,
        text::{ExpressionText, Shown, Stand},
    },
    node::Node,
};
use crate::error::{ExpressionError, ExpressionErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// The expression, if DynamoDB would take it.
pub(super) fn expression(node: &Node, placeholders: &mut Placeholders) -> Result<String, ExpressionError> {
    if let Node::Constant(truth) = node {
        return Err(ExpressionError::new(ExpressionErrorKind::Constant(*truth)));
    }
    let mut text = ExpressionText::new(placeholders);
    text.node(node);
    text.finish()
}

/// The expression for people, with `?` for every value.
pub(super) fn shown(node: &Node) -> String {
    ExpressionText::<Shown>::shown(|text| text.node(node))
}

/// The number of operators and functions of the expression.
pub(super) fn operators(node: &Node) -> usize {
    ExpressionText::<Shown>::operators(|text| text.node(node))
}

impl<P: Stand> ExpressionText<P> {
    fn node(&mut self, node: &Node) {
        match node {
            // Only for people.
            Node::Constant(truth) => self.text.push_str(if *truth { "TRUE" } else { "FALSE" }),
            Node::Compare(left, comparator, right) => {
                self.term(left);
                self.operator(&format!(" {} ", comparator.symbol()));
                self.term(right);
            }
            Node::Between(subject, lower, upper) => {
                self.term(subject);
                self.operator(" BETWEEN ");
                self.term(lower);
                self.text.push_str(" AND ");
                self.term(upper);
            }
            Node::In(subject, operands) => {
                self.term(subject);
                self.operator(" IN (");
                for (at, operand) in operands.iter().enumerate() {
                    self.text.push_str(if at == 0 { "" } else { ", " });
                    self.term(operand);
                }
                self.text.push(')');
            }
            Node::Exists(steps) => self.function("attribute_exists", steps),
            Node::NotExists(steps) => self.function("attribute_not_exists", steps),
            Node::IsType(steps, data_type) => {
                // What is asked for is a type of DynamoDB's own, but it is a value to the expression.
                let descriptor = AttributeValue::S(data_type.descriptor().to_owned());
                self.operator("attribute_type(");
                self.path(steps);
                self.text.push_str(", ");
                self.value(&descriptor);
                self.text.push(')');
            }
            Node::BeginsWith(subject, beginning) => self.call("begins_with", subject, beginning),
            Node::Contains(subject, element) => self.call("contains", subject, element),
            Node::All(members, _) => self.chain(" AND ", members),
            Node::Any(members, _) => self.chain(" OR ", members),
            Node::Not(inner, _) => {
                self.operator("NOT (");
                self.node(inner);
                self.text.push(')');
            }
        }
    }

    fn chain(&mut self, joint: &str, members: &[Node]) {
        for (at, member) in members.iter().enumerate() {
            if at > 0 {
                self.operator(joint);
            }
            // DynamoDB refuses parentheses that say nothing, so only chains have them.
            match member {
                Node::All(..) | Node::Any(..) => {
                    self.text.push('(');
                    self.node(member);
                    self.text.push(')');
                }
                _ => self.node(member),
            }
        }
    }
}
