//! modyne: an entity trait over `serde_dynamo`, which adds the keys and the entity type.

use crate::model::{Event, Mixed, Model, Order, TABLE, Wallet};
use aws_sdk_dynamodb::Client;
use modyne::{
    Entity, EntityDef, EntityExt, EntityTypeNameRef, ProjectionExt, Table,
    expr::KeyCondition,
    keys::{FullKey, Key, KeyDefinition, PrimaryKey, PrimaryKeyDefinition},
    model::{BatchGet, BatchWrite, Query},
};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The table, as modyne sees it.
#[derive(Debug)]
pub(crate) struct ModyneTable(pub(crate) Client);

impl Table for ModyneTable {
    type PrimaryKey = PrimaryKeyOf;
    type IndexKeys = ();

    fn table_name(&self) -> &str {
        TABLE
    }

    fn client(&self) -> &Client {
        &self.0
    }
}

/// A primary key. Of a whole item it writes nothing: the entities have their keys as fields, and modyne would
/// write them twice.
#[derive(Debug)]
pub(crate) enum PrimaryKeyOf {
    AnItem { pk: String, sk: String },
    FieldsOfTheEntity,
}

const DEFINITION: PrimaryKeyDefinition = PrimaryKeyDefinition { hash_key: "pk", range_key: Some("sk") };

impl PrimaryKey for PrimaryKeyOf {
    const PRIMARY_KEY_DEFINITION: PrimaryKeyDefinition = DEFINITION;
}

impl Key for PrimaryKeyOf {
    const DEFINITION: KeyDefinition = KeyDefinition::Primary(DEFINITION);
}

impl Serialize for PrimaryKeyOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self::AnItem { pk, sk } = self else { return serializer.serialize_struct("Key", 0)?.end() };
        let mut key = serializer.serialize_struct("Key", 2)?;
        key.serialize_field("pk", pk)?;
        key.serialize_field("sk", sk)?;
        key.end()
    }
}

macro_rules! entities {
    ($($entity:ident $name:literal;)*) => { $(
        impl EntityDef for $entity {
            const ENTITY_TYPE: &'static EntityTypeNameRef = EntityTypeNameRef::from_static($name);
        }

        impl Entity for $entity {
            type KeyInput<'a> = (&'a str, &'a str);
            type Table = ModyneTable;
            type IndexKeys = ();

            fn primary_key((pk, sk): Self::KeyInput<'_>) -> PrimaryKeyOf {
                PrimaryKeyOf::AnItem { pk: pk.into(), sk: sk.into() }
            }

            fn full_key(&self) -> FullKey<PrimaryKeyOf, ()> {
                PrimaryKeyOf::FieldsOfTheEntity.into()
            }
        }
    )* };
}

entities! {
    Event "Event";
    Mixed "Mixed";
    Order "Order";
    Wallet "Wallet";
}

/// An entity for modyne.
pub(crate) trait Modyne:
    Model + for<'a> Entity<Table = ModyneTable, KeyInput<'a> = (&'a str, &'a str)>
{
}

impl<T: Model + for<'a> Entity<Table = ModyneTable, KeyInput<'a> = (&'a str, &'a str)>> Modyne for T {}

/// Reads an entity (GetItem).
pub(crate) async fn get_item<T: Modyne>(table: &ModyneTable, (pk, sk): (&str, &str)) -> T {
    let output = <T as EntityExt>::get((pk, sk)).execute(table).await.unwrap();
    T::from_item(output.item.unwrap()).unwrap()
}

/// Writes an entity (PutItem).
pub(crate) async fn put_item<T: Modyne>(table: &ModyneTable, entity: T) {
    EntityExt::put(entity).execute(table).await.unwrap();
}

/// Reads the entities of a partition (Query).
pub(crate) async fn query<T: Modyne>(table: &ModyneTable, pk: &str) -> Vec<T> {
    let condition = KeyCondition::<PrimaryKeyOf>::in_partition(pk);
    let output = Query::new(condition).execute(table).await.unwrap();
    output.items.unwrap().into_iter().map(|item| T::from_item(item).unwrap()).collect()
}

/// Reads the entities with the keys of `entities` (BatchGetItem).
pub(crate) async fn batch_get_item<T: Modyne>(table: &ModyneTable, entities: &[T]) -> Vec<T> {
    let get = |batch: BatchGet, entity: &T| batch.operation(<T as EntityExt>::get(entity.key_values()));
    let output = entities.iter().fold(BatchGet::new(), get).execute(table).await.unwrap();
    let items = output.responses.unwrap().remove(TABLE).unwrap();
    items.into_iter().map(|item| T::from_item(item).unwrap()).collect()
}

/// Writes the entities (BatchWriteItem).
pub(crate) async fn batch_write_item<T: Modyne>(table: &ModyneTable, entities: Vec<T>) {
    let put = |batch: BatchWrite, entity: T| batch.operation(EntityExt::put(entity));
    entities.into_iter().fold(BatchWrite::new(), put).execute(table).await.unwrap();
}
