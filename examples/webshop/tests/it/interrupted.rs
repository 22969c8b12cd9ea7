//! An import that fails in the middle tells exactly what was written, and which lines were not.

use std::time::Duration;

use aws_sdk_dynamodb::{Client, config::retry::RetryConfig};
use dynamap::{Budget, Table, batch::Unwritten, capacity::Meter, error::ServiceErrorKind};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, When};
use tokio::time::Instant;
use webshop::{
    import::{self, Catalogue, Interrupted, Mistakes, Source, Sources},
    model::Shop,
};

const GROUPS: usize = 30;
const PRODUCTS: usize = 2000;
const TOTAL: usize = GROUPS + PRODUCTS;

/// DynamoDB: the items of a request.
const BATCH: usize = 25;

fn refused() -> Fault {
    Fault::Error(400, "AccessDeniedException".to_owned())
}

/// So many requests pass; those after them have the fault.
fn requests_after(healthy: usize) -> When {
    When::operation("BatchWriteItem").after(healthy as u64).always()
}

/// Thirty groups, and products of which each is in the line of its id.
fn catalogue() -> Catalogue {
    let groups: String = (1..=GROUPS).map(|id| format!("{id}\tGroup {id}\n")).collect();
    let line = |id| format!("{id}\t1\tTitle {id}\t9.50\tMaker\t1851\tIceland\tCategory\n");
    let products: String = (1..=PRODUCTS).map(line).collect();
    let (groups, products) = (Source::new("g.tsv", groups), Source::new("p.tsv", products));
    let sources = Sources { groups: vec![groups], products: vec![products], users: Vec::new() };
    import::parse(&sources, Mistakes::default()).unwrap()
}

struct Import {
    interrupted: Interrupted,
    stored: usize,
}

impl Import {
    /// The lines that are named, as those of groups and of products.
    fn lines(&self) -> Vec<String> {
        let left = self.interrupted.remaining.as_slice().iter().map(ToString::to_string);
        left.map(|line| line.split(": ").next().unwrap().to_owned()).collect()
    }
}

async fn import_with(when: When, fault: Fault) -> Import {
    let local = Local::memory().unwrap();
    let (faulty, faults) = local.with_faults(Plan::script([(when, fault)]));
    let config = faulty.config().retry_config(RetryConfig::disabled()).build();
    let shop = Table::<Shop>::new(Client::from_conf(config), "webshop");
    shop.create_table_if_absent().send().await.unwrap();
    let mut progress = 0;
    let interrupted = import::write(&shop, &catalogue(), |done| progress = done).await.unwrap_err();
    assert_eq!(progress, interrupted.written.total());
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    let stored = local.client().scan().table_name("webshop").send().await.unwrap().count;
    Import { interrupted, stored: usize::try_from(stored).unwrap() }
}

/// The lines of the items from this position on.
fn lines_from(position: usize) -> Vec<String> {
    let line = |position| match position {
        group if group < GROUPS => format!("g.tsv:{}", group + 1),
        product => format!("p.tsv:{}", product - GROUPS + 1),
    };
    (position..TOTAL).map(line).collect()
}

#[tokio::test]
async fn refused_writes_are_not_counted() {
    for healthy in [0, 1, 3, 10] {
        let import = import_with(requests_after(healthy), refused()).await;
        let Import { interrupted, stored } = &import;
        assert_eq!(interrupted.written.total(), *stored, "{healthy}: {interrupted}");
        assert_eq!((*stored, interrupted.remaining.unknown()), (healthy * BATCH, 0));
        assert_eq!(interrupted.remaining.unwritten(), TOTAL - stored);
        assert_eq!(import.lines(), lines_from(*stored));
        let Some(Unwritten::Failed(error)) = &interrupted.source else { panic!("{:?}", interrupted.source) };
        assert_eq!(error.kind(), ServiceErrorKind::AccessDenied);
    }
}

#[tokio::test]
async fn after_a_failure_no_more_are_taken() {
    let import = import_with(When::operation("BatchWriteItem"), refused()).await;
    // What was taken by then was tried: some hundreds.
    assert_eq!(import.interrupted.written.groups, GROUPS - BATCH);
    assert_eq!(import.interrupted.written.total(), import.stored);
    assert!((BATCH..TOTAL / 2).contains(&import.stored), "{}", import.stored);
    let text = import.interrupted.remaining.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("g.tsv:1: not written: BatchWriteItem on table `webshop`"), "{text}");
    assert_eq!((lines.len(), lines[20]), (21, &*format!("and {} more", TOTAL - import.stored - 20)));
    let last = import.interrupted.remaining.as_slice().last().unwrap();
    assert_eq!(last.to_string(), format!("p.tsv:{PRODUCTS}: not begun"));
}

#[tokio::test(start_paused = true)]
async fn a_write_of_unknown_outcome_is_counted_as_that() {
    for healthy in [0, 5] {
        let Import { interrupted, stored } = import_with(requests_after(healthy), Fault::DropAfter).await;
        let (unwritten, unknown) = (interrupted.remaining.unwritten(), interrupted.remaining.unknown());
        assert_eq!(interrupted.written.total(), healthy * BATCH);
        assert!(unknown >= 1);
        assert_eq!(interrupted.written.total() + unknown, stored);
        assert_eq!(stored + unwritten, TOTAL);
        assert!(
            interrupted.remaining.to_string().contains(": perhaps written: "),
            "{}",
            interrupted.remaining
        );
    }
}

/// What `--wcu` does: so many write units each second, and no more.
#[tokio::test(start_paused = true)]
async fn an_import_keeps_to_its_budget() {
    let budget = Budget::builder().writes(50.0).build().unwrap();
    let meter = Meter::new();
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "webshop");
    shop.create_table_if_absent().send().await.unwrap();
    let (start, shop) = (Instant::now(), shop.with_budget(&budget).with_meter(&meter));
    let mut told = Vec::new();
    let written =
        import::write(&shop, &catalogue(), |done| told.push((start.elapsed(), done))).await.unwrap();
    assert_eq!((written.total(), meter.consumed().table.write), (TOTAL, TOTAL as f64));
    // But for the burst of a second.
    assert_eq!(start.elapsed().as_secs(), TOTAL as u64 / 50 - 1);
    // The progress is told on the way.
    let half = told.iter().find(|(_, done)| *done >= TOTAL / 2).unwrap().0;
    assert!((Duration::from_secs(15)..Duration::from_secs(25)).contains(&half), "{half:?}");
}
