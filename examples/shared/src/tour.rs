//! The guided tour of an example: every access pattern once, on an embedded DynamoDB.

use std::fmt::{Debug, Display};

use dynamap_local::{RecordedRequest, Requests};
use serde_json::Value;

use crate::{
    Failure,
    output::{Output, compact},
};

/// A guide from one stop of a tour to the next, who prints what happens there.
pub struct Guide<'o, 'w> {
    out: &'o mut Output<'w>,
    requests: Requests,
    stops: usize,
}

impl<'o, 'w> Guide<'o, 'w> {
    /// Begins a tour. `requests` are those that the clients of the tour send.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn begin(title: &str, out: &'o mut Output<'w>, requests: Requests) -> Result<Self, Failure> {
        out.line(out.paint.heading(title))?;
        out.line("")?;
        out.line(
            "It runs on a DynamoDB inside this program: nothing is installed, nothing leaves the machine.",
        )?;
        out.line(
            "Each stop shows a function of src/lib.rs, the requests DynamoDB received, and the outcome.",
        )?;
        Ok(Self { out, requests, stops: 0 })
    }

    /// Announces an access pattern, its function and what it does.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn stop(&mut self, pattern: &str, function: &str, what: &str) -> Result<(), Failure> {
        self.stops += 1;
        self.requests.clear();
        let heading = format!("{}. {pattern}", self.stops);
        let function = self.out.paint.faint(function);
        self.heading(&heading, &format!("  {function}"))?;
        Ok(self.out.indented(what)?)
    }

    /// Prints a heading after an empty line, and `behind` it on the same line.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn heading(&mut self, heading: &str, behind: &str) -> Result<(), Failure> {
        let heading = self.out.paint.heading(heading);
        Ok(self.out.line(format_args!("\n{heading}{behind}"))?)
    }

    /// Prints lines that belong to the stop.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn tell(&mut self, text: impl Display) -> Result<(), Failure> {
        Ok(self.out.indented(text)?)
    }

    /// Takes the requests since the last call, to print something else of them.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        self.requests.take()
    }

    /// Prints the requests since the last call.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn sent(&mut self) -> Result<(), Failure> {
        self.requests.take().iter().try_for_each(|request| self.sent_body(&request.operation, &request.body))
    }

    /// Prints the requests of one operation since the last call; returns the operations of all.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn sent_only(&mut self, operation: &str) -> Result<Vec<String>, Failure> {
        let requests = self.requests.take();
        let mut shown = requests.iter().filter(|request| request.operation == operation);
        shown.try_for_each(|request| self.sent_body(operation, &request.body))?;
        Ok(requests.into_iter().map(|request| request.operation).collect())
    }

    /// Prints a request, or a part of one.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn sent_body(&mut self, operation: &str, body: &Value) -> Result<(), Failure> {
        // The SDK writes the members of an item in another order each time.
        let mut body = body.clone();
        body.sort_all_objects();
        self.sent_text(operation, &compact(&body))
    }

    /// Prints an operation with a text in the place of its body.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn sent_text(&mut self, operation: &str, text: &str) -> Result<(), Failure> {
        let operation = self.out.paint.operation(operation);
        Ok(self.out.indented(format_args!("{operation} {text}"))?)
    }

    /// Prints what came back.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn got(&mut self, outcome: impl Display) -> Result<(), Failure> {
        for (index, line) in outcome.to_string().lines().enumerate() {
            let arrow = if index == 0 { "=>" } else { "  " };
            self.out.indented(format_args!("{arrow} {line}"))?;
        }
        Ok(())
    }

    /// Ends the tour with the command to go on with.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn end(self, command: &str) -> Result<(), Failure> {
        Ok(self.out.line(format_args!("\nThat was all. Go on with: {command}"))?)
    }
}

/// The error of a stop whose outcome is not the one that it shows.
pub fn unexpected(what: &str, outcome: impl Debug) -> Failure {
    format!("{what}: {outcome:?}").into()
}
