use crate::model::{Order, Shop, order};
use aws_sdk_dynamodb::types::BillingMode;
use dynamap::{Error, Index, Table, TableSchema};
use dynamap_local::Local;

#[tokio::test]
async fn the_table_is_created_once() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop");
    assert!(shop.create_table_if_absent().send().await.unwrap());
    assert!(!shop.create_table_if_absent().send().await.unwrap());
    shop.wait_until_active().send().await.unwrap();
    shop.put(&order("c-1", 2024, 1)).send().await.unwrap();
    assert!(shop.exists(Order::key("c-1", 2024, 1)).send().await.unwrap());

    let described = shop.client().describe_table().table_name("shop").send().await.unwrap().table.unwrap();
    assert_eq!(described.global_secondary_indexes().len(), 2);
    assert_eq!(described.local_secondary_indexes().len(), 1);
    assert_eq!(described.billing_mode_summary().unwrap().billing_mode(), Some(&BillingMode::PayPerRequest));
    let time_to_live = shop.client().describe_time_to_live().table_name("shop").send().await.unwrap();
    let time_to_live = time_to_live.time_to_live_description.unwrap();
    assert_eq!(time_to_live.attribute_name(), Some("expires_at"));
}

#[tokio::test]
async fn a_time_to_live_in_another_attribute_is_another_schema() {
    #[derive(dynamap::TableSchema)]
    #[dynamap(partition_key = "pk", ttl = "expires")]
    struct Theirs;
    #[derive(dynamap::TableSchema)]
    #[dynamap(partition_key = "pk", ttl = "expires_at")]
    struct Ours;

    let client = Local::memory().unwrap().client();
    assert!(Table::<Theirs>::new(client.clone(), "sessions").create_table_if_absent().send().await.unwrap());
    assert!(!Table::<Theirs>::new(client.clone(), "sessions").create_table_if_absent().send().await.unwrap());
    match Table::<Ours>::new(client, "sessions").create_table_if_absent().send().await {
        Err(Error::SchemaMismatch(error)) => assert_eq!(
            error.to_string(),
            "time to live of table `sessions`: the schema says the attribute `expires_at`, DynamoDB has the attribute `expires`"
        ),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_table_with_chosen_throughput() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop");
    assert!(shop.create_table_if_absent().provisioned(5, 7).send().await.unwrap());
    let described = shop.client().describe_table().table_name("shop").send().await.unwrap().table.unwrap();
    let throughput = described.provisioned_throughput().unwrap();
    assert_eq!((throughput.read_capacity_units(), throughput.write_capacity_units()), (Some(5), Some(7)));
}

#[tokio::test]
async fn a_table_that_is_not_as_the_schema_says_is_an_error() {
    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = number("sk"))]
    struct Numbered;

    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = "sk", indexes(Other))]
    struct Indexed;

    #[derive(Index)]
    #[dynamap(table = Indexed, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
    struct Other;

    let client = Local::memory().unwrap().client();
    Table::<Shop>::new(client.clone(), "shop").create_table_if_absent().send().await.unwrap();
    let error =
        Table::<Numbered>::new(client.clone(), "shop").create_table_if_absent().send().await.unwrap_err();
    let Error::SchemaMismatch(mismatch) = &error else { panic!("{error}") };
    assert_eq!(mismatch.part(), "primary key");
    let error = Table::<Indexed>::new(client, "shop").wait_until_active().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "projection of index `gsi1` of table `shop`: the schema says all attributes, \
         DynamoDB has the attributes `note`"
    );
}

#[tokio::test]
async fn tables_of_one_file_survive_the_process() {
    let path = std::env::temp_dir().join(format!("dynamap-it-{}.db", std::process::id()));
    {
        let shop = crate::model::table(&Local::file(&path).unwrap()).await;
        shop.put(&order("c-1", 2024, 1)).send().await.unwrap();
    }
    let shop = Table::<Shop>::new(Local::file(&path).unwrap().client(), "shop");
    assert!(!shop.create_table_if_absent().send().await.unwrap());
    assert!(shop.exists(Order::key("c-1", 2024, 1)).send().await.unwrap());
    std::fs::remove_file(path).unwrap();
}
