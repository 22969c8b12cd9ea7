use super::schemas::{Bare, Numbered};
use dynamap::op::TableSettings;
use dynamap::outcome::NotDeletedKind;
use dynamap::{Error, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Plan, When};

#[tokio::test(start_paused = true)]
async fn a_table_is_deleted_by_its_name_only() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Bare>::new(local.client(), "shop");
    shop.create_table_if_absent().await.unwrap();
    requests.clear();
    for given in ["", "shop ", "Shop", "shop-test", "sho"] {
        let refused = shop.delete_table(given).await;
        let Err(Error::NotDeleted(error)) = refused else { panic!("{refused:?}") };
        assert_eq!(error.kind(), &NotDeletedKind::OtherName { given: given.into() });
        assert_eq!(error.to_string(), format!("table `shop` was not deleted: the call names `{given}`"));
        assert!(shop.delete_table(given).explain().is_err() && shop.delete_table(given).into_sdk().is_err());
    }
    assert!(requests.take().is_empty());
    let other = Table::<Numbered>::new(local.client(), "shop").delete_table("shop").await;
    assert!(matches!(other, Err(Error::SchemaMismatch(_))), "{other:?}");

    let protect = |on| TableSettings::new().deletion_protection(on);
    shop.update_table().settings(protect(true)).await.unwrap();
    let refused = shop.delete_table("shop").await;
    let Err(Error::NotDeleted(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.kind(), &NotDeletedKind::Protected);
    shop.update_table().settings(protect(false)).await.unwrap();
    assert!(shop.delete_table("shop").await.unwrap());
    assert_eq!(shop.describe().await.unwrap(), None);
    assert!(!shop.delete_table("shop").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_a_deletion_is_looked_into() {
    for fault in
        [Fault::DropBefore, Fault::DropAfter, Fault::ErrorBefore, Fault::ErrorAfter, Fault::HangAfter]
    {
        for times in [1, 2] {
            let local = Local::memory().unwrap();
            let plain = Table::<Bare>::new(local.client(), "shop");
            plain.create_table_if_absent().await.unwrap();
            let plan = Plan::script([(When::operation("DeleteTable").times(times), fault.clone())]);
            let shop = Table::<Bare>::new(local.with_faults(plan).0.client(), "shop");
            let deleted = shop.delete_table("shop").await;
            assert!(deleted.is_ok(), "{fault:?} {times} times: {deleted:?}");
            assert_eq!(plain.describe().await.unwrap(), None);
        }
    }
}
