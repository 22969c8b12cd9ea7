//! The output of a program: aligned tables, requests and colours.

mod columns;
mod json;
mod paint;

pub use columns::{Align, Columns};
pub use json::compact;
pub use paint::Paint;

use std::io;

/// The output of a command, with or without colours.
pub struct Output<'a> {
    /// Receives the text.
    pub to: &'a mut dyn io::Write,
    /// Colours.
    pub paint: Paint,
}

impl Output<'_> {
    /// Prints a line.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn line(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        writeln!(self.to, "{text}")
    }

    /// Prints lines, each after two spaces.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn indented(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        text.to_string().lines().try_for_each(|line| writeln!(self.to, "  {line}"))
    }
}
