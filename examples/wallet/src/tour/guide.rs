use std::fmt::Display;

use dynamap::Table;
use dynamap_local::{RecordedRequest, Requests, faults::Faults};
use webshop::output::{Output, compact};

use super::Failure;
use crate::model::Bank;

/// Leads from one stop to the next and prints what happens there.
pub(super) struct Guide<'o, 'w> {
    out: &'o mut Output<'w>,
    requests: Requests,
    pub(super) faults: Faults,
    pub(super) bank: Table<Bank>,
    stops: usize,
}

impl<'o, 'w> Guide<'o, 'w> {
    pub(super) fn new(
        out: &'o mut Output<'w>,
        requests: Requests,
        faults: Faults,
        bank: Table<Bank>,
    ) -> Self {
        Self { out, requests, faults, bank, stops: 0 }
    }

    /// Announces an access pattern, its function and what it does.
    pub(super) fn stop(&mut self, pattern: &str, function: &str, what: &str) -> Result<(), Failure> {
        self.stops += 1;
        self.requests.clear();
        let paint = self.out.paint;
        let heading = paint.heading(&format!("{}. {pattern}", self.stops));
        self.out.line("")?;
        self.out.line(format_args!("{heading}  {}", paint.faint(function)))?;
        Ok(self.out.indented(what)?)
    }

    /// Prints the requests since the last call.
    pub(super) fn sent(&mut self) -> Result<(), Failure> {
        self.requests.take().iter().try_for_each(|request| self.print(request))
    }

    /// Prints the requests of one operation since the last call; returns the operations of all.
    pub(super) fn sent_only(&mut self, operation: &str) -> Result<Vec<String>, Failure> {
        let requests = self.requests.take();
        let shown = requests.iter().filter(|request| request.operation == operation);
        shown.into_iter().try_for_each(|request| self.print(request))?;
        Ok(requests.into_iter().map(|request| request.operation).collect())
    }

    /// Prints the first request since the last call; returns how many like it there were, the same token and all.
    pub(super) fn sent_again(&mut self) -> Result<usize, Failure> {
        let requests = self.requests.take();
        let Some(first) = requests.first() else { return Ok(0) };
        self.print(first)?;
        Ok(requests.iter().filter(|request| *request == first).count())
    }

    fn print(&mut self, request: &RecordedRequest) -> Result<(), Failure> {
        let operation = self.out.paint.operation(&request.operation);
        Ok(self.out.indented(format_args!("{operation} {}", compact(&request.body)))?)
    }

    /// Prints what came back.
    pub(super) fn got(&mut self, answer: impl Display) -> Result<(), Failure> {
        for (index, line) in answer.to_string().lines().enumerate() {
            let arrow = if index == 0 { "=>" } else { "  " };
            self.out.indented(format_args!("{arrow} {line}"))?;
        }
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Failure> {
        self.out.line("")?;
        self.out.line("That was all. Go on with: cargo run --release -p wallet -- stress")?;
        Ok(())
    }
}
