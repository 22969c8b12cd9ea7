//! Shard readers, and what they deliver.

use crate::Shown;
use crate::model::{HUSH, OwnerItem, Secret, key, secret, vault};
use aws_sdk_dynamodb::types::{AttributeValue, StreamViewType};
use dynamap::stream::PoisonRecord;
use dynamap::stream::reader::{LeaseTable, ShardError, ShardEvent, StreamReader, StreamReaderError};
use dynamap::{Mapping, Table};
use dynamap_local::Local;
use std::error::Error;
use std::sync::{Arc, Mutex};

pub(crate) async fn all(shown: &mut Shown) {
    let local = Local::memory().unwrap();
    let vault = vault(&local, Mapping::Direct).await;
    shown.debug("EnableStream", &vault.enable_stream(StreamViewType::NewAndOldImages));
    shown.debug("StreamArn", &vault.stream_arn());
    let arn = vault.enable_stream(StreamViewType::NewAndOldImages).send().await.unwrap();
    let leases = Table::<LeaseTable>::new(local.client(), "leases");
    leases.create_table_if_absent().send().await.unwrap();
    let reader =
        || StreamReader::<OwnerItem>::new(local.streams_client(), &*arn, leases.clone()).application("app");
    shown.debug("StreamReader", &reader());
    shown.debug("ReaderMetrics", &reader().metrics());

    vault.put(&secret("a")).send().await.unwrap();
    let broken = [("parts", AttributeValue::S(HUSH.into()))];
    let update = local.client().update_item().table_name("vault").set_key(Some(key_item(&secret("a"))));
    let [(name, value)] = broken;
    let update = update.update_expression("SET #n = :v").expression_attribute_names("#n", name);
    update.expression_attribute_values(":v", value).send().await.unwrap();

    let mut shards = reader().shards();
    shown.debug("ShardStreams", &shards);
    let mut shard = shards.next().await.unwrap().unwrap();
    shown.debug("ShardStream", &shard);
    let delivery = shard.next().await.unwrap().unwrap();
    shown.debug("Delivery", &delivery);
    shown.debug("ShardEvent", &delivery.event);
    shown.debug("Acknowledgement", &delivery.acknowledgement);
    delivery.acknowledge();
    let unreadable = shard.next().await.unwrap().unwrap();
    shown.debug("Delivery", &unreadable);
    assert!(matches!(unreadable.event, ShardEvent::Unreadable(_)), "{unreadable:?}");
    drop(unreadable);
    let error = shard.next().await.unwrap().unwrap_err();
    assert!(matches!(error, ShardError::NotAcknowledged { .. }));
    shown.error("ShardError", &error);
    shown.debug("ReaderMetrics", &shards.metrics());
    shards.shutdown().await.unwrap();

    let run = reader().run(|_| async { Err::<(), _>("no") }, std::future::pending());
    shown.debug("RunReader", &run);
    let poison = Arc::new(Mutex::new(Vec::<PoisonRecord<OwnerItem>>::new()));
    let taken = poison.clone();
    let stopped = run.max_attempts(1).on_poison(move |poison| {
        taken.lock().unwrap().push(poison);
        async { Err::<(), _>("no") }
    });
    let stopped = stopped.await.unwrap_err();
    for poison in &*poison.lock().unwrap() {
        shown.debug("PoisonRecord", poison);
    }
    assert!(matches!(stopped, StreamReaderError::Stopped { .. }), "{stopped:?}");
    shown.error("StreamReaderError", &stopped);
    let absent = StreamReader::<Secret>::new(local.streams_client(), arn.replace("vault", "vaults"), leases);
    let absent = absent.shards().next().await.unwrap().unwrap_err();
    shown.error("StreamReaderError", &absent);
    assert!(absent.source().is_none());
}

fn key_item(of: &Secret) -> dynamap::entity::Item {
    let item = dynamap::entity::to_item(of).unwrap();
    assert!(format!("{:?}", key("a")).contains("SecretKey"));
    ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone())).into()
}
