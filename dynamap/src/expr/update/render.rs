//! Updates as DynamoDB reads them.

use super::{
    super::{
        Placeholders,
        path::Steps,
        text::{MAX_DEPTH, Shown, Stand, Text},
    },
    Action,
};
use crate::error::{ExpressionError, ExpressionErrorKind};

/// The expression, if DynamoDB would take it; none where there is no action, which it takes as well.
pub(super) fn expression(
    actions: &[Action],
    placeholders: &mut Placeholders,
) -> Result<Option<String>, ExpressionError> {
    if actions.is_empty() {
        return Ok(None);
    }
    check_targets(actions)?;
    let mut text = Text::new(placeholders);
    text.actions(actions);
    text.finish().map(Some)
}

/// Refuses what [`expression`] refuses.
pub(super) fn check(actions: &[Action]) -> Result<(), ExpressionError> {
    expression(actions, &mut Placeholders::default()).map(|_| ())
}

/// The expression for people, with `?` for every value.
pub(super) fn shown(actions: &[Action]) -> String {
    Text::<Shown>::shown(|text| text.actions(actions))
}

/// How many operators and functions the expression has.
pub(super) fn operators(actions: &[Action]) -> usize {
    Text::<Shown>::operators(|text| text.actions(actions))
}

/// DynamoDB: no two actions are on one path, nor on a path and another inside it.
fn check_targets(actions: &[Action]) -> Result<(), ExpressionError> {
    let mut targets: Vec<&Steps> = actions.iter().map(Action::target).collect();
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

impl<P: Stand> Text<P> {
    fn actions(&mut self, actions: &[Action]) {
        let of = |clause: fn(&Action) -> bool| actions.iter().filter(move |action| clause(action));
        self.clause("SET", of(|action| matches!(action, Action::Set(..))));
        self.clause("REMOVE", of(|action| matches!(action, Action::Remove(_))));
        self.clause("ADD", of(|action| matches!(action, Action::Add(..))));
        self.clause("DELETE", of(|action| matches!(action, Action::Delete(..))));
    }

    fn clause<'a>(&mut self, keyword: &str, actions: impl Iterator<Item = &'a Action>) {
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
                Action::Set(_, term) => {
                    self.text.push_str(" = ");
                    self.term(term);
                }
                Action::Add(_, value) | Action::Delete(_, value) => {
                    self.text.push(' ');
                    self.value(value);
                }
                Action::Remove(_) => {}
            }
        }
    }
}
