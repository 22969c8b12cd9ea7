use super::admin::{Admin, Front};
use super::schemas::{Bare, Less, Numbered, One, OtherKey, Sorted, Two, settings};
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::error::{SchemaDifferenceKind, ServiceErrorKind, TableSetting};
use dynamap::op::{PointInTimeRecovery, TableSettings, Throughput};
use dynamap::schema::Provisionable;
use dynamap::{Error, Table, TableSchema};
use dynamap_local::Local;
use fastrand::Rng;
use std::sync::Arc;

fn table<S: TableSchema>(admin: &Arc<Admin>) -> Table<S> {
    let local = Local::memory().unwrap().wrap(Front::over(Arc::clone(admin)));
    Table::new(local.client(), "shop")
}

/// Creates the table as `A` with some settings, and changes it to `B` with others, while answers are lost.
async fn changed<A: TableSchema + Provisionable, B: TableSchema + Provisionable>(rng: &mut Rng) -> usize {
    let admin = Arc::new(Admin::new());
    let (before, after) = (settings::<A>(rng), settings::<B>(rng));
    let shown = format!("{before:?}\n{after:?}");
    let created = table::<A>(&admin).create_table_if_absent().settings(before.clone()).send().await;
    assert!(created.unwrap(), "{shown}");
    let as_created = table::<A>(&admin).verify().settings(before).send().await.unwrap();
    assert!(as_created.is_empty(), "{as_created}\n{shown}");

    let table = table::<B>(&admin);
    let differences = table.verify().settings(after.clone()).send().await.unwrap();
    admin.take_changes();
    if rng.bool() {
        admin.lose(rng.usize(..4));
    }
    let update = || table.update_table().settings(after.clone()).remove_index("gsi1").remove_index("gsi2");
    // A change whose answer is lost is seen to be made; another call goes on where it stopped.
    let mut mended = 0;
    for attempt in 0..3 {
        match update().send().await {
            Ok(changes) => {
                mended += changes.as_slice().len();
                break;
            }
            Err(Error::Service(error)) if error.kind().is_ambiguous() && attempt < 2 => mended += 1,
            Err(error) => panic!("{error}\n{shown}"),
        }
    }
    let left = table.verify().settings(after.clone()).send().await.unwrap();
    let left: Vec<_> =
        left.into_iter().filter(|left| !matches!(left.kind(), SchemaDifferenceKind::TimeToLive)).collect();
    assert!(left.is_empty(), "{left:?}\n{shown}");
    let changes = admin.take_changes().len();
    assert_eq!(changes == 0, mended == 0, "{changes} changes, {mended} mended\n{shown}");
    assert!(
        mended > 0 || differences.as_slice().iter().all(|it| *it.kind() == SchemaDifferenceKind::TimeToLive),
        "{shown}"
    );
    // There is nothing more to do.
    assert!(update().send().await.unwrap().is_empty(), "{shown}");
    assert_eq!(admin.take_changes(), [""; 0]);
    changes
}

#[tokio::test(start_paused = true)]
async fn any_table_becomes_what_its_schema_and_settings_say() {
    let seed = std::env::var("DYNAMAP_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let mut changes = 0;
    for _ in 0..8 {
        changes += changed::<Bare, Bare>(&mut rng).await;
        changes += changed::<Bare, One>(&mut rng).await;
        changes += changed::<Bare, Two>(&mut rng).await;
        changes += changed::<One, Two>(&mut rng).await;
        changes += changed::<Two, One>(&mut rng).await;
        changes += changed::<Two, Bare>(&mut rng).await;
        changes += changed::<One, OtherKey>(&mut rng).await;
        changes += changed::<OtherKey, Two>(&mut rng).await;
        changes += changed::<Less, One>(&mut rng).await;
        changes += changed::<One, Less>(&mut rng).await;
    }
    assert!(changes > 200, "{changes}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_another_view_type_is_disabled_before() {
    let admin = Arc::new(Admin::new());
    let shop = table::<Bare>(&admin);
    shop.create_table_if_absent().stream(StreamViewType::KeysOnly).await.unwrap();
    admin.take_changes();
    let settings = TableSettings::new().stream(StreamViewType::NewImage);
    let changed = shop.update_table().settings(settings).await.unwrap();
    let kinds: Vec<_> = changed.as_slice().iter().map(|change| change.kind().clone()).collect();
    assert_eq!(kinds, [SchemaDifferenceKind::Setting(TableSetting::Stream)]);
    assert_eq!(admin.take_changes(), ["UpdateTable", "UpdateTable"]);
    let text = "stream of table `shop`: the settings say the view type NEW_IMAGE, DynamoDB has the view type KEYS_ONLY";
    assert_eq!(changed.as_slice()[0].mismatch().to_string(), text);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_changed_is_refused_before_anything_is() {
    async fn refused<S: TableSchema + Provisionable>(admin: &Arc<Admin>, expected: &str) {
        admin.take_changes();
        let settings = TableSettings::new().deletion_protection(true);
        let refused = table::<S>(admin).update_table().settings(settings).send().await;
        let Err(Error::SchemaMismatch(mismatch)) = refused else { panic!("{refused:?}") };
        assert_eq!(mismatch.part(), expected);
        assert_eq!(admin.take_changes(), [""; 0]);
    }
    let admin = Arc::new(Admin::new());
    let absent = table::<One>(&admin).update_table().send().await;
    assert!(
        matches!(&absent, Err(Error::Service(error)) if error.kind() == ServiceErrorKind::TableNotFound),
        "{absent:?}"
    );
    table::<One>(&admin).create_table_if_absent().await.unwrap();
    refused::<Numbered>(&admin, "primary key").await;
    refused::<Sorted>(&admin, "index `lsi1`").await;
    refused::<OtherKey>(&admin, "key of index `gsi1`").await;
    // It lacks nothing that `Two` reads.
    let two = table::<Two>(&admin).update_table().await.unwrap();
    assert_eq!(
        two.as_slice()[0].kind(),
        &SchemaDifferenceKind::MissingIndex { index: "gsi2".into(), local: false }
    );

    let admin = Arc::new(Admin::new());
    table::<Two>(&admin).create_table_if_absent().await.unwrap();
    refused::<One>(&admin, "projection of index `gsi1`").await;
    // An index that is as the schema says stays, though it is named.
    let named = table::<Two>(&admin).update_table().remove_index("gsi1").remove_index("gsi9").await.unwrap();
    assert!(named.is_empty(), "{named}");

    let provisioned = Throughput::Provisioned { read: 5, write: 5 };
    let wrong = [
        TableSettings::<One>::new().throughput(provisioned).on_demand_maximum(5, None),
        TableSettings::new().on_demand_maximum(0, None),
        TableSettings::new().warm_throughput(5, -1),
        TableSettings::new().index_throughput::<super::schemas::ByStatus>(5, 5),
    ];
    for settings in wrong {
        let refused = table::<One>(&admin).update_table().settings(settings.clone()).await;
        assert!(matches!(refused, Err(Error::InvalidThroughput(_))), "{refused:?}");
        let refused = table::<One>(&admin).create_table_if_absent().settings(settings).await;
        assert!(matches!(refused, Err(Error::InvalidThroughput(_))), "{refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_engine_is_changed_too() {
    let client = Local::memory().unwrap().client();
    Table::<Bare>::new(client.clone(), "shop").create_table_if_absent().await.unwrap();
    let shop = Table::<Two>::new(client.clone(), "shop");
    let settings = TableSettings::new().deletion_protection(true).tag("team", "shop").tag("stage", "test");
    let changed = shop.update_table().settings(settings.clone()).await.unwrap();
    assert_eq!(changed.as_slice().len(), 5, "{changed}");
    assert!(shop.verify().settings(settings).await.unwrap().is_empty());
    let other = Table::<OtherKey>::new(client, "shop");
    let settings = TableSettings::new().without_tag("team").tag("stage", "prod");
    let update = other.update_table().settings(settings.clone()).remove_index("gsi1").remove_index("gsi2");
    assert_eq!(update.await.unwrap().as_slice().len(), 4);
    let left = other.verify().settings(settings).await.unwrap();
    let left: Vec<_> = left.as_slice().iter().map(ToString::to_string).collect();
    assert_eq!(
        left,
        [
            "time to live of table `shop`: the schema says none, DynamoDB has the attribute `expires_at`; to mend it, name the \
         attribute in the schema (`ttl`), or disable it: DynamoDB deletes items by it"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn backups_of_a_new_table_are_asked_for_until_they_are_set_up() {
    let admin = Arc::new(Admin::new());
    let settings = TableSettings::<Bare>::new().point_in_time_recovery(PointInTimeRecovery::Days(7));
    let shop = table::<Bare>(&admin);
    assert!(shop.create_table_if_absent().settings(settings.clone()).await.unwrap());
    assert!(shop.verify().settings(settings).await.unwrap().is_empty());
    assert_eq!(admin.take_changes(), ["CreateTable", "UpdateContinuousBackups"]);
}
