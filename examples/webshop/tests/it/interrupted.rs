//! An import that fails in the middle tells exactly what was written.

use aws_sdk_dynamodb::{Client, config::retry::RetryConfig};
use dynamap::{
    Table,
    error::{Error, ServiceErrorKind},
};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, When};
use webshop::{catalogue, import, model::Shop};

const TOTAL: usize = 17;

fn refused() -> Fault {
    Fault::Error(400, "AccessDeniedException".to_owned())
}

/// So many writes pass; those after them have the fault.
fn writes_after(healthy: usize) -> When {
    When::operation("PutItem").after(healthy as u64).always()
}

async fn import_with(when: When, fault: Fault) -> (import::Interrupted, usize) {
    let local = Local::memory().unwrap();
    let (faulty, faults) = local.with_faults(Plan::script([(when, fault)]));
    let config = faulty.config().retry_config(RetryConfig::disabled()).build();
    let shop = Table::<Shop>::new(Client::from_conf(config), "webshop");
    shop.create_table_if_absent().send().await.unwrap();
    let mut progress = 0;
    let catalogue = catalogue::built_in().unwrap();
    let interrupted = import::write(&shop, &catalogue, |done| progress = done).await.unwrap_err();
    assert_eq!(progress, interrupted.written.total());
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    let stored = local.client().scan().table_name("webshop").send().await.unwrap().count;
    (interrupted, usize::try_from(stored).unwrap())
}

#[tokio::test]
async fn refused_writes_are_not_counted() {
    for healthy in [0, 1, 3, 10, 16] {
        let (interrupted, stored) = import_with(writes_after(healthy), refused()).await;
        assert_eq!(interrupted.written.total(), stored, "{healthy}: {interrupted}");
        assert_eq!((stored, interrupted.unknown), (healthy, 0));
        assert_eq!(interrupted.unwritten, TOTAL - stored);
        let Error::Service(error) = interrupted.source else { panic!("{:?}", interrupted.source) };
        assert_eq!(error.kind(), ServiceErrorKind::AccessDenied);
    }
}

#[tokio::test]
async fn after_a_failure_no_write_is_begun() {
    let (interrupted, stored) = import_with(When::operation("PutItem"), refused()).await;
    // The other two groups were under way.
    assert_eq!((interrupted.written.groups, interrupted.written.total(), stored), (2, 2, 2));
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_counted_as_that() {
    for healthy in [0, 5, 16] {
        let (interrupted, stored) = import_with(writes_after(healthy), Fault::DropAfter).await;
        let import::Interrupted { written, unwritten, unknown, .. } = interrupted;
        assert_eq!(written.total(), healthy);
        assert!(unknown >= 1);
        assert_eq!(written.total() + unknown, stored);
        assert_eq!(stored + unwritten, TOTAL);
    }
}
