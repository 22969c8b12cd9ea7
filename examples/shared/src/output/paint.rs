use std::{
    env,
    io::{IsTerminal, stdout},
};

/// Colours, if the reader can see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// No colours.
    pub const OFF: Self = Self { on: false };

    /// Colours if the standard output is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn of_terminal() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { on: stdout().is_terminal() && !refused }
    }

    /// The text of a heading.
    #[must_use]
    pub fn heading(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Text that stands back.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    /// The name of an operation.
    #[must_use]
    pub fn operation(self, text: &str) -> String {
        self.with("36", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
