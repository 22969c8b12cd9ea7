//! The cases that are measured, and the contenders of each, on the same bytes.

mod batch;
mod call;
mod decode;
mod encode;
mod save;

use crate::{
    contender::{hand::Hand, modyne::Modyne, typed::ReadTyped},
    document::{PAGE_BYTES, page_length},
    measure::region::Region,
    model::{Event, Mixed, Model, Order, Wallet, samples},
};
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

/// A case before its data is made.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    make: fn(&'static str, Scale) -> Case,
}

/// All cases, in the order of the report.
pub(crate) static PLANS: [Plan; 19] = [
    plan("decode-page-300b", |name, scale| decode::query(name, page::<Event>(scale))),
    plan("decode-page-1500b", |name, scale| decode::query(name, page::<Order>(scale))),
    plan("decode-page-serde-fields", |name, scale| decode::query_with_serde_fields(name, page(scale))),
    plan("decode-order", |name, _| decode::get_item(name, Order::sample(0))),
    plan("decode-wallet", |name, _| decode::get_item(name, Wallet::sample(0))),
    plan("encode-order", |name, _| encode::put_item(name, Order::sample(0))),
    plan("encode-wallet", |name, _| encode::put_item(name, Wallet::sample(0))),
    plan("mixed-10", |name, _| decode::query(name, samples::<Mixed>(10))),
    plan("mixed-100", |name, _| decode::query(name, samples::<Mixed>(100))),
    plan("mixed-1000", |name, _| decode::query(name, samples::<Mixed>(1000))),
    plan("call-get-wallet", |name, _| call::get_item(name, Wallet::sample(0))),
    plan("call-get-order", |name, _| call::get_item(name, Order::sample(0))),
    plan("call-put-wallet", |name, _| call::put_item(name, Wallet::sample(0))),
    plan("call-put-order", |name, _| call::put_item(name, Order::sample(0))),
    plan("call-save-versioned", |name, _| save::update_item(name)),
    plan("call-query-300b", |name, scale| call::query(name, page::<Event>(scale))),
    plan("call-query-1500b", |name, scale| call::query(name, page::<Order>(scale))),
    plan("call-batch-get-100", |name, _| call::batch_get_item(name, samples::<Order>(100))),
    plan("call-batch-write-25", |name, _| call::batch_write_item(name, samples::<Order>(25))),
];

/// The cases of `bench batch`.
pub(crate) static BATCHES: [Plan; 6] = [
    plan("batch-write-300b", |name, scale| batch::write(name, samples::<Event>(batch::items(scale)))),
    plan("batch-write-1500b", |name, scale| batch::write(name, samples::<Order>(batch::items(scale)))),
    plan("batch-write-4kb", |name, scale| batch::write(name, batch::large_orders(scale))),
    plan("batch-get-300b", |name, scale| batch::get(name, samples::<Event>(batch::items(scale)))),
    plan("batch-get-1500b", |name, scale| batch::get(name, samples::<Order>(batch::items(scale)))),
    plan("batch-get-4kb", |name, scale| batch::get(name, batch::large_orders(scale))),
];

/// The case with this name.
pub(crate) fn plan_of(name: &str) -> Option<&'static Plan> {
    PLANS.iter().chain(&BATCHES).find(|plan| plan.name == name)
}

const fn plan(name: &'static str, make: fn(&'static str, Scale) -> Case) -> Plan {
    Plan { name, make }
}

impl Plan {
    /// Makes the data of the case.
    pub(crate) fn make(&self, scale: Scale) -> Case {
        (self.make)(self.name, scale)
    }
}

fn page<T: Model>(scale: Scale) -> Vec<T> {
    let bytes = match scale {
        Scale::Full => PAGE_BYTES,
        Scale::Smoke => PAGE_BYTES / 64,
    };
    samples(page_length::<T>(bytes))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::item_size;

    #[test]
    fn contenders_agree() {
        for plan in PLANS.iter().chain(&BATCHES) {
            let mut case = plan.make(Scale::Smoke);
            assert_eq!(case.check(), Ok(()));
            assert!(case.contenders.len() > 1, "{}", case.name);
        }
    }

    #[test]
    fn checks_can_fail() {
        let expected = leak(Wallet::sample(0));
        assert!(same(expected)(Wallet::sample(1)).is_err());
        let all: &[Wallet] = samples(2).leak();
        assert!(same_all(all)(samples(1)).is_err());
        assert_eq!(
            same_all(all)(vec![Wallet::sample(0), Wallet::sample(2)]),
            Err("entity 1 is another".to_owned())
        );
        let request = br#"{"TableName":"bench","Item":{}}"#;
        assert!(encode::request_is(&crate::document::put_item_request(expected), request).is_err());
    }

    #[test]
    fn pages_have_items_of_the_size_in_their_name() {
        assert!((290..=310).contains(&(PAGE_BYTES / page_length::<Event>(PAGE_BYTES))));
        assert!((1450..=1550).contains(&(PAGE_BYTES / page_length::<Order>(PAGE_BYTES))));
        assert_eq!(item_size(&Wallet::sample(0)), 11 + 6 + 2 + 15 + 2 + 10 + 7 + 5 + 8 + 3);
    }

    #[test]
    fn names_of_cases_are_unique() {
        let mut names: Vec<_> = PLANS.iter().chain(&BATCHES).map(|plan| plan.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PLANS.len() + BATCHES.len());
    }
}
