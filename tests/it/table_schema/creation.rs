use super::schemas::{One, settings};
use aws_sdk_dynamodb::types::{StreamViewType, TableClass};
use dynamap::Table;
use dynamap::op::{Encryption, TableSettings, Throughput};
use dynamap_local::Local;
use fastrand::Rng;

#[tokio::test]
async fn a_table_is_created_with_everything_that_the_engine_has() {
    let shop = Table::<One>::new(Local::memory().unwrap().client(), "shop");
    let settings = TableSettings::new()
        .throughput(Throughput::OnDemand)
        .on_demand_maximum(40, None)
        .stream(StreamViewType::NewAndOldImages)
        .encryption(Encryption::CustomerManaged("k-1".into()))
        .table_class(TableClass::StandardInfrequentAccess)
        .deletion_protection(true)
        .tag("team", "shop");
    assert!(shop.create_table_if_absent().settings(settings.clone()).await.unwrap());
    let described = shop.describe().await.unwrap().unwrap();
    let maximum = described.on_demand_throughput().unwrap();
    assert_eq!(maximum.max_read_request_units(), Some(40));
    assert_eq!(described.deletion_protection_enabled(), Some(true));
    let class = described.table_class_summary().unwrap().table_class();
    assert_eq!(class, Some(&TableClass::StandardInfrequentAccess));
    let differences = shop.verify().settings(settings).await.unwrap();
    // The engine keeps no maximum of an index.
    println!("{differences}");
    assert!(differences.as_slice().len() <= 1, "{differences}");
}

/// The settings as the request has them: none is left out, and none is there that was not given.
#[test]
fn the_request_has_the_settings() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let shop = Table::<One>::new(Local::memory().unwrap().client(), "shop");
    for _ in 0..200 {
        let settings = settings::<One>(&mut rng);
        let shown = format!("{settings:?}");
        let request = shop.create_table_if_absent().settings(settings).explain().request_json();
        let request: serde_json::Value = serde_json::from_str(&request).unwrap();
        let is_set = |name: &str| !shown.contains(&format!("{name}: None"));
        assert_eq!(request.get("WarmThroughput").is_some(), is_set(" warm_throughput"), "{shown}");
        assert_eq!(request.get("SSESpecification").is_some(), is_set("encryption"), "{shown}");
        assert_eq!(request.get("TableClass").is_some(), is_set("table_class"), "{shown}");
        assert_eq!(
            request.get("DeletionProtectionEnabled").is_some(),
            is_set("deletion_protection"),
            "{shown}"
        );
        let stream = is_set("stream") && !shown.contains("stream: Some(None)");
        assert_eq!(request.get("StreamSpecification").is_some(), stream, "{shown}");
        let provisioned = shown.contains("throughput: Some(Provisioned");
        assert_eq!(request.get("ProvisionedThroughput").is_some(), provisioned, "{shown}");
        let index = &request["GlobalSecondaryIndexes"][0];
        assert_eq!(index.get("ProvisionedThroughput").is_some(), provisioned, "{shown}");
        assert_eq!(index["OnDemandThroughput"], request["OnDemandThroughput"], "{shown}");
    }
}
