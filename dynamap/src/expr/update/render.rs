//! Updates as DynamoDB reads them.

use super::{
    super::{
        Placeholders,
        path::Steps,
        text::{ExpressionText, MAX_DEPTH, Shown, Stand},
    },
    UpdateAction,
};
use crate::error::{ExpressionError, ExpressionErrorKind};

/// The expression, if DynamoDB would take it; none where there is no action, which it takes as well.
pub(super) fn expression(
    actions: &[UpdateAction],
    placeholders: &mut Placeholders,
) -> Result<Option<String>, ExpressionError> {
    if actions.is_empty() {
        return Ok(None);
    }
    check_targets(actions)?;
    let mut text = ExpressionText::new(placeholders);
    text.actions(actions);
    text.finish().map(Some)
}

/// Refuses what [`expression`] refuses.
pub(super) fn check(actions: &[UpdateAction]) -> Result<(), ExpressionError> {
    expression(actions, &mut Placeholders::default()).map(|_| ())
}

/// The expression for people, with `?` for every value.
pub(super) fn shown(actions: &[UpdateAction]) -> String {
    ExpressionText::<Shown>::shown(|text| text.actions(actions))
}

/// The number of operators and functions of the expression.
pub(super) fn operators(actions: &[UpdateAction]) -> usize {
    ExpressionText::<Shown>::operators(|text| text.actions(actions))
}

/// DynamoDB: no two actions are on one path, nor on a path and another inside it.
fn check_targets(actions: &[UpdateAction]) -> Result<(), ExpressionError> {
    let mut targets: Vec<&Steps> = actions.iter().map(UpdateAction::target).collect();
    if targets.iter().any(|target| 1 + target.inner.len() > MAX_DEPTH) {
        return Err(ExpressionError::new(ExpressionErrorKind::TooDeep { limit: MAX_DEPTH }));
    }
    // Sorted, a path stands before all that are inside it, and nothing else stands between them.
    targets.sort_unstable();
    match targets.windows(2).find(|pair| pair[0].holds(pair[1])) {
        Some(pair) => {
            let paths = (pair[0].redacted(), pair[1].redacted());
            Err(ExpressionError::new(ExpressionErrorKind::Overlap(paths.0, paths.1)))
        }
        None => Ok(()),
    }
}

impl<P: Stand> ExpressionText<P> {
    fn actions(&mut self, actions: &[UpdateAction]) {
        let of = |clause: fn(&UpdateAction) -> bool| actions.iter().filter(move |action| clause(action));
        self.clause("SET", of(|action| matches!(action, UpdateAction::Set(..))));
        self.clause("REMOVE", of(|action| matches!(action, UpdateAction::Remove(_))));
        self.clause("ADD", of(|action| matches!(action, UpdateAction::Add(..))));
        self.clause("DELETE", of(|action| matches!(action, UpdateAction::Delete(..))));
    }

    fn clause<'a>(&mut self, keyword: &str, actions: impl Iterator<Item = &'a UpdateAction>) {
        for (at, action) in actions.enumerate() {
            match at {
                0 => {
                    self.text.push_str(if self.text.is_empty() { "" } else { " " });
                    self.text.push_str(keyword);
                    self.text.push(' ');
                }
                _ => self.text.push_str(", "),
            }
            self.path(action.target());
            match action {
                UpdateAction::Set(_, term) => {
                    self.text.push_str(" = ");
                    self.term(term);
                }
                UpdateAction::Add(_, value) | UpdateAction::Delete(_, value) => {
                    self.text.push(' ');
                    self.value(value);
                }
                UpdateAction::Remove(_) => {}
            }
        }
    }
}
