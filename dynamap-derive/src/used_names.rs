//! The names that generated code has used.

/// Names of one namespace, to leave out what would have one of them again.
#[derive(Default)]
pub(crate) struct UsedNames(Vec<String>);

impl UsedNames {
    /// Adds a name. Returns true if it was not used before.
    pub(crate) fn is_new(&mut self, name: &impl ToString) -> bool {
        let name = name.to_string();
        let is_new = !self.0.contains(&name);
        self.0.push(name);
        is_new
    }
}

impl<N: ToString> FromIterator<N> for UsedNames {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        Self(names.into_iter().map(|name| name.to_string()).collect())
    }
}
