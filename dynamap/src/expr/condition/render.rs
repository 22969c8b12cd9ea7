//! Conditions as DynamoDB reads them.

use super::{
    super::{
        Placeholders,
        operand::TermKind,
        path::{Step, Steps},
    },
    node::{Node, check_operators},
};
use crate::error::{ExpressionError, ExpressionErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt::Write as _;

/// DynamoDB: the longest expression, in bytes.
const MAX_BYTES: usize = 4096;

/// The expression, if DynamoDB would take it.
pub(super) fn expression(node: &Node, placeholders: &mut Placeholders) -> Result<String, ExpressionError> {
    let mut writer = Writer { text: String::new(), operators: 0, placeholders };
    writer.node(node);
    let Writer { text, operators, .. } = writer;
    check_operators(operators)?;
    if text.len() > MAX_BYTES {
        let kind = ExpressionErrorKind::TooLong { size: text.len(), limit: MAX_BYTES };
        return Err(ExpressionError::new(kind));
    }
    Ok(text)
}

/// The expression for people, with `?` for every value.
pub(super) fn shown(node: &Node) -> String {
    let mut writer = Writer { text: String::new(), operators: 0, placeholders: Shown };
    writer.node(node);
    writer.text
}

/// Stands for names and values in an expression.
trait Stand {
    fn path(&mut self, steps: &Steps, text: &mut String);
    fn value(&mut self, value: &AttributeValue, text: &mut String);
}

impl Stand for &mut Placeholders {
    fn path(&mut self, steps: &Steps, text: &mut String) {
        text.push_str(&self.name(steps.attribute));
        for step in &steps.inner {
            match step {
                Step::Name(name) => {
                    text.push('.');
                    text.push_str(&self.name(name));
                }
                Step::Index(index) => {
                    let _ = write!(text, "[{index}]");
                }
            }
        }
    }

    fn value(&mut self, value: &AttributeValue, text: &mut String) {
        text.push_str(&Placeholders::value(self, value.clone()));
    }
}

struct Shown;

impl Stand for Shown {
    fn path(&mut self, steps: &Steps, text: &mut String) {
        let _ = write!(text, "{steps}");
    }

    fn value(&mut self, _: &AttributeValue, text: &mut String) {
        text.push('?');
    }
}

struct Writer<P> {
    text: String,
    /// Operators and functions so far.
    operators: usize,
    placeholders: P,
}

impl<P: Stand> Writer<P> {
    fn node(&mut self, node: &Node) {
        match node {
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
                self.placeholders.path(steps, &mut self.text);
                self.text.push_str(", ");
                self.placeholders.value(&descriptor, &mut self.text);
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

    /// A function of a path.
    fn function(&mut self, name: &str, steps: &Steps) {
        self.operator(name);
        self.text.push('(');
        self.placeholders.path(steps, &mut self.text);
        self.text.push(')');
    }

    /// A function of two operands.
    fn call(&mut self, name: &str, subject: &TermKind, operand: &TermKind) {
        self.operator(name);
        self.text.push('(');
        self.term(subject);
        self.text.push_str(", ");
        self.term(operand);
        self.text.push(')');
    }

    fn term(&mut self, term: &TermKind) {
        match term {
            TermKind::Path(steps) => self.placeholders.path(steps, &mut self.text),
            TermKind::Size(steps) => self.function("size", steps),
            TermKind::Value(value) => self.placeholders.value(value, &mut self.text),
        }
    }

    fn operator(&mut self, text: &str) {
        self.operators += 1;
        self.text.push_str(text);
    }
}
