use std::fmt::Display;

use dynamap::{Table, capacity::Meter};
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
    meter: Meter,
    stops: usize,
}

impl<'o, 'w> Guide<'o, 'w> {
    pub(super) fn new(
        out: &'o mut Output<'w>,
        requests: Requests,
        faults: Faults,
        bank: Table<Bank>,
        meter: Meter,
    ) -> Self {
        Self { out, requests, faults, bank, meter, stops: 0 }
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

    /// Prints the tokens of the transactions since the last call, and what became of each; returns how many attempts there were
    /// with each token.
    pub(super) fn sent_by_token(&mut self, fates: &[&str]) -> Result<Vec<(String, usize)>, Failure> {
        let mut tokens: Vec<(String, usize)> = Vec::new();
        for (index, request) in self.requests.take().iter().enumerate() {
            let token = request.body["ClientRequestToken"].as_str().unwrap_or_default();
            if let Some(fate) = fates.get(index) {
                let operation = self.out.paint.operation(&request.operation);
                let line = format!("{operation} {{ ..., \"ClientRequestToken\": \"{token}\" }}  {fate}");
                self.out.indented(line)?;
            }
            match tokens.iter_mut().find(|(known, _)| known == token) {
                Some((_, count)) => *count += 1,
                None => tokens.push((token.to_owned(), 1)),
            }
        }
        Ok(tokens)
    }

    fn print(&mut self, request: &RecordedRequest) -> Result<(), Failure> {
        let operation = self.out.paint.operation(&request.operation);
        let mut body = request.body.clone();
        body.sort_all_objects();
        Ok(self.out.indented(format_args!("{operation} {}", compact(&body)))?)
    }

    /// Prints what came back.
    pub(super) fn got(&mut self, answer: impl Display) -> Result<(), Failure> {
        for (index, line) in answer.to_string().lines().enumerate() {
            let arrow = if index == 0 { "=>" } else { "  " };
            self.out.indented(format_args!("{arrow} {line}"))?;
        }
        Ok(())
    }

    /// Prints what all calls have consumed.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        let heading = self.out.paint.heading("Capacity");
        self.out.line(format_args!("\n{heading}"))?;
        self.out.indented("What the calls of the tour consumed, as a `Meter` of the table counts it: DynamoDB tells it with each answer.")?;
        self.got(self.meter.consumed())?;
        self.out.line("")?;
        self.out.line("That was all. Go on with: cargo run --release -p wallet -- stress")?;
        Ok(())
    }
}
