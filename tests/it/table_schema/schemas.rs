//! Schemas of one table, each a step of its history.

use aws_sdk_dynamodb::types::{StreamViewType, TableClass};
use dynamap::op::{Encryption, PointInTimeRecovery, TableSettings, Throughput};
use dynamap::schema::Provisionable;
use dynamap::{Entity, Index, TableSchema};
use fastrand::Rng;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub(super) struct Bare;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByStatus), entities(Order))]
pub(super) struct One;

#[derive(Index)]
#[dynamap(table = One, name = "gsi1", partition_key = "gsi1pk", projection = include("status", "total"))]
pub(super) struct ByStatus;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = One, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", returns_expired)]
pub(super) struct Order {
    pub(super) customer: String,
    pub(super) number: u32,
    pub(super) status: String,
    pub(super) total: u64,
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(Narrow, ByPlace))]
pub(super) struct Two;

#[derive(Index)]
#[dynamap(table = Two, name = "gsi1", partition_key = "gsi1pk", projection = include("status"))]
pub(super) struct Narrow;

#[derive(Index)]
#[dynamap(table = Two, name = "gsi2", partition_key = ["country", "city"], sort_key = number("year"))]
pub(super) struct ByPlace;

/// One index, which holds less than that of [`One`].
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(KeysOnly))]
pub(super) struct Less;

#[derive(Index)]
#[dynamap(table = Less, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
pub(super) struct KeysOnly;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(Other))]
pub(super) struct OtherKey;

#[derive(Index)]
#[dynamap(table = OtherKey, name = "gsi1", partition_key = number("total"))]
pub(super) struct Other;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByTotal))]
pub(super) struct Sorted;

#[derive(Index)]
#[dynamap(table = Sorted, name = "lsi1", local, sort_key = number("total"))]
pub(super) struct ByTotal;

#[derive(TableSchema)]
#[dynamap(partition_key = number("pk"))]
pub(super) struct Numbered;

/// Settings as chance has them.
pub(super) fn settings<S: TableSchema + Provisionable>(rng: &mut Rng) -> TableSettings<S> {
    let mut settings = TableSettings::new();
    if rng.bool() {
        settings = settings.throughput(Throughput::OnDemand);
        if rng.bool() {
            let mut units = || rng.bool().then(|| rng.i64(1..4));
            settings = settings.on_demand_maximum(units(), units());
        }
    } else if rng.bool() {
        settings = settings.throughput(Throughput::Provisioned { read: rng.i64(1..4), write: rng.i64(1..4) });
    }
    if rng.bool() {
        settings = settings.warm_throughput(rng.i64(1..4) * 4000, rng.i64(1..4) * 1000);
    }
    match rng.u8(..4) {
        0 => settings = settings.without_stream(),
        1 => settings = settings.stream(StreamViewType::KeysOnly),
        2 => settings = settings.stream(StreamViewType::NewAndOldImages),
        _ => {}
    }
    match rng.u8(..4) {
        0 => settings = settings.encryption(Encryption::AwsOwned),
        1 => settings = settings.encryption(Encryption::AwsManaged),
        2 => settings = settings.encryption(Encryption::CustomerManaged("k-1".into())),
        _ => {}
    }
    match rng.u8(..3) {
        0 => settings = settings.table_class(TableClass::Standard),
        1 => settings = settings.table_class(TableClass::StandardInfrequentAccess),
        _ => {}
    }
    if rng.bool() {
        settings = settings.deletion_protection(rng.bool());
    }
    match rng.u8(..3) {
        0 => settings = settings.point_in_time_recovery(PointInTimeRecovery::Off),
        1 => settings = settings.point_in_time_recovery(PointInTimeRecovery::Days(rng.i32(1..4))),
        _ => {}
    }
    for key in ["team", "stage", "cost", "owner", "zone"] {
        match rng.u8(..4) {
            0 => settings = settings.tag(key, rng.u8(..2).to_string()),
            1 => settings = settings.without_tag(key),
            _ => {}
        }
    }
    settings
}
