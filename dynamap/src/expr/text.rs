//! Expressions as text: with placeholders for DynamoDB, and with names for people.

use super::{
    Placeholders,
    operand::{Computed, TermKind},
    path::{PathStep, Steps},
};
use crate::error::{ExpressionError, ExpressionErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt::Write as _;

/// DynamoDB: the longest expression, in bytes.
pub(crate) const MAX_BYTES: usize = 4096;

/// DynamoDB: the most operators and functions of an expression.
pub(crate) const MAX_OPERATORS: usize = 300;

/// DynamoDB: the deepest path, and deep enough for conditions inside one another.
pub(super) const MAX_DEPTH: usize = 32;

/// Refuses more operators than DynamoDB takes.
pub(super) fn check_operators(count: usize) -> Result<(), ExpressionError> {
    let kind = ExpressionErrorKind::TooManyOperators { count, limit: MAX_OPERATORS };
    if count > MAX_OPERATORS { Err(ExpressionError::new(kind)) } else { Ok(()) }
}

/// Stands for names and values in an expression.
pub(super) trait Stand {
    fn path(&mut self, steps: &Steps, text: &mut String);
    fn value(&mut self, value: &AttributeValue, text: &mut String);
}

impl Stand for &mut Placeholders {
    fn path(&mut self, steps: &Steps, text: &mut String) {
        self.write_name(&steps.attribute, text);
        for step in &steps.inner {
            match step {
                PathStep::Name(name) => {
                    text.push('.');
                    self.write_name(name, text);
                }
                PathStep::Index(index) => {
                    let _ = write!(text, "[{index}]");
                }
            }
        }
    }

    fn value(&mut self, value: &AttributeValue, text: &mut String) {
        self.write_value(value, text);
    }
}

pub(super) struct Shown;

impl Stand for Shown {
    fn path(&mut self, steps: &Steps, text: &mut String) {
        let _ = write!(text, "{steps}");
    }

    fn value(&mut self, _: &AttributeValue, text: &mut String) {
        text.push('?');
    }
}

/// An expression while it is written.
pub(super) struct ExpressionText<P> {
    pub(super) text: String,
    /// Operators and functions so far.
    pub(super) operators: usize,
    pub(super) placeholders: P,
}

impl<'p> ExpressionText<&'p mut Placeholders> {
    pub(super) fn new(placeholders: &'p mut Placeholders) -> Self {
        Self { text: String::new(), operators: 0, placeholders }
    }

    /// The expression, if DynamoDB would take it.
    pub(super) fn finish(self) -> Result<String, ExpressionError> {
        check_operators(self.operators)?;
        if self.text.len() > MAX_BYTES {
            let kind = ExpressionErrorKind::TooLong { size: self.text.len(), limit: MAX_BYTES };
            return Err(ExpressionError::new(kind));
        }
        Ok(self.text)
    }
}

impl ExpressionText<Shown> {
    /// The expression for people, with `?` for every value.
    pub(super) fn shown(write: impl FnOnce(&mut Self)) -> String {
        Self::written(write).text
    }

    /// The number of operators and functions of an expression.
    pub(super) fn operators(write: impl FnOnce(&mut Self)) -> usize {
        Self::written(write).operators
    }

    fn written(write: impl FnOnce(&mut Self)) -> Self {
        let mut text = Self { text: String::new(), operators: 0, placeholders: Shown };
        write(&mut text);
        text
    }
}

impl<P: Stand> ExpressionText<P> {
    /// A function of a path.
    pub(super) fn function(&mut self, name: &str, steps: &Steps) {
        self.operator(name);
        self.text.push('(');
        self.path(steps);
        self.text.push(')');
    }

    /// A function of two operands.
    pub(super) fn call(&mut self, name: &str, first: &TermKind, second: &TermKind) {
        self.operator(name);
        self.text.push('(');
        self.term(first);
        self.text.push_str(", ");
        self.term(second);
        self.text.push(')');
    }

    pub(super) fn path(&mut self, steps: &Steps) {
        self.placeholders.path(steps, &mut self.text);
    }

    pub(super) fn value(&mut self, value: &AttributeValue) {
        self.placeholders.value(value, &mut self.text);
    }

    pub(super) fn term(&mut self, term: &TermKind) {
        match term {
            TermKind::Path(steps) => self.path(steps),
            TermKind::Size(steps) => self.function("size", steps),
            TermKind::Value(value) => self.value(value),
            TermKind::Computed(computed) => self.computed(computed),
            // Nothing is written nowhere: it is an error of a condition, and removes in an update.
            TermKind::Nothing(_) => {}
        }
    }

    fn computed(&mut self, computed: &Computed) {
        let (left, symbol, right) = match computed {
            Computed::IfNotExists(steps, value) => {
                self.operator("if_not_exists(");
                self.path(steps);
                self.text.push_str(", ");
                self.term(value);
                return self.text.push(')');
            }
            Computed::ListAppend(first, second) => return self.call("list_append", first, second),
            Computed::Plus(left, right) => (left, " + ", right),
            Computed::Minus(left, right) => (left, " - ", right),
        };
        self.term(left);
        self.operator(symbol);
        self.term(right);
    }

    pub(super) fn operator(&mut self, text: &str) {
        self.operators += 1;
        self.text.push_str(text);
    }
}
