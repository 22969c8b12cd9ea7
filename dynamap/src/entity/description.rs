use super::Entity;
use crate::schema::{AttributeSchema, EntitySchema};

impl EntitySchema {
    /// The definition of the entity `E`.
    ///
    /// ```
    /// use dynamap::{Entity, TableSchema, schema::EntitySchema};
    ///
    /// #[derive(TableSchema)]
    /// #[dynamap(partition_key = "pk")]
    /// pub struct Shop;
    ///
    /// #[derive(Entity)]
    /// #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// pub struct Order {
    ///     pub number: u32,
    ///     pub note: Option<String>,
    /// }
    ///
    /// let order = EntitySchema::of::<Order>();
    /// assert_eq!((order.name, order.keys[0].partition_key), ("Order", &["ORDER#{number}"][..]));
    /// assert_eq!(order.attributes().iter().map(|attribute| attribute.name).collect::<Vec<_>>(), ["number", "note"]);
    /// ```
    pub const fn of<E: Entity>() -> Self {
        Self { name: E::NAME, keys: E::KEYS, attributes: stored_attributes::<E> }
    }
}

fn stored_attributes<E: Entity>() -> Vec<AttributeSchema> {
    let mut attributes = E::STORED.to_vec();
    let mut add = |name| attributes.push(AttributeSchema { name, data_type: None });
    E::FLATTENED.iter().for_each(|each_name| each_name(&mut add));
    attributes
}
