//! The cases that are measured, and the contenders of each, on the same bytes.

mod batch;
mod call;
mod decode;
mod encode;
mod plans;
mod save;
mod search;
mod stream;

use crate::{
    contender::{hand::Hand, modyne::Modyne, typed::ReadTyped},
    measure::region::Region,
    model::Model,
};
pub(crate) use plans::{BATCHES, PLANS, Plan, plan_of};
use std::{fmt::Debug, hint::black_box};

/// The amount of work of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Full,
    /// Small pages.
    Smoke,
}

/// A case: one thing to do, by several contenders.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The work in words.
    pub(crate) about: String,
    /// The number of reported units, such as items, in one repetition.
    pub(crate) each: usize,
    pub(crate) contenders: Vec<Contender>,
}

/// One way to do what a case asks for.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    work: Box<dyn Work>,
}

/// An entity that every contender can map.
trait Mapped: Model + Hand + Modyne + ReadTyped + Debug {}

impl<T: Model + Hand + Modyne + ReadTyped + Debug> Mapped for T {}

/// The result of a check of a contender's output: if it is not the expected one, the difference.
type CheckResult = Result<(), String>;

impl Case {
    fn new(name: &'static str, about: String) -> Self {
        Self::each_of(1, name, about)
    }

    /// A case whose repetitions do `each` things, of which one is reported.
    fn each_of(each: usize, name: &'static str, about: String) -> Self {
        Self { name, about, each, contenders: Vec::new() }
    }

    /// Adds a contender that only reads what it is given.
    fn add<O: 'static>(
        &mut self,
        name: &'static str,
        mut run: impl FnMut() -> O + 'static,
        check: impl Fn(O) -> CheckResult + 'static,
    ) {
        self.add_consuming(name, || (), move |()| run(), check);
    }

    /// Adds a contender that consumes what `prepare` makes.
    fn add_consuming<I: 'static, O: 'static>(
        &mut self,
        name: &'static str,
        prepare: impl FnMut() -> I + 'static,
        run: impl FnMut(I) -> O + 'static,
        check: impl Fn(O) -> CheckResult + 'static,
    ) {
        self.contenders.push(Contender { name, work: Box::new(Steps { prepare, run, check }) });
    }

    /// Checks that every contender gives what is expected of it.
    pub(crate) fn check(&mut self) -> CheckResult {
        for contender in &mut self.contenders {
            let name = contender.name;
            contender.work.check().map_err(|error| format!("{}, {name}: {error}", self.name))?;
        }
        Ok(())
    }
}

impl Contender {
    /// Does the work `count` times inside `region`, with inputs made before and outputs dropped after.
    pub(crate) fn run<R: Region>(&mut self, count: usize, region: R) -> R::Measured {
        let mut measured = None;
        let mut region = Some(region);
        self.work.batch(count, &mut |work| {
            measured = region.take().map(|region| region.measure(work));
        });
        measured.expect("`batch` enters its region once")
    }
}

/// The work of a contender, whatever goes in and comes out.
trait Work {
    fn check(&mut self) -> CheckResult;

    /// Calls `region` once, with what is to be measured.
    fn batch(&mut self, count: usize, region: &mut dyn FnMut(&mut dyn FnMut()));
}

struct Steps<P, R, C> {
    prepare: P,
    run: R,
    check: C,
}

impl<I, O, P: FnMut() -> I, R: FnMut(I) -> O, C: Fn(O) -> CheckResult> Work for Steps<P, R, C> {
    fn check(&mut self) -> CheckResult {
        let input = (self.prepare)();
        (self.check)((self.run)(input))
    }

    fn batch(&mut self, count: usize, region: &mut dyn FnMut(&mut dyn FnMut())) {
        let inputs: Vec<I> = (0..count).map(|_| (self.prepare)()).collect();
        let mut inputs = inputs.into_iter();
        let mut outputs = Vec::with_capacity(count);
        region(&mut || {
            for input in inputs.by_ref() {
                outputs.push((self.run)(black_box(input)));
            }
        });
        black_box(&outputs);
    }
}

/// Makes data that lives as long as the process: contenders of several types share it.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Expects the entity.
fn same<T: Model>(expected: &'static T) -> impl Fn(T) -> CheckResult {
    move |got| if got == *expected { Ok(()) } else { Err("another entity".into()) }
}

/// Expects the entities.
fn same_all<T: Model>(expected: &'static [T]) -> impl Fn(Vec<T>) -> CheckResult {
    move |got| {
        if got.len() != expected.len() {
            return Err(format!("{} entities instead of {}", got.len(), expected.len()));
        }
        match got.iter().zip(expected).position(|(got, expected)| got != expected) {
            None => Ok(()),
            Some(index) => Err(format!("entity {index} is another")),
        }
    }
}
