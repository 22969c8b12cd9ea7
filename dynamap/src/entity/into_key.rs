use super::Entity;

/// A source of a primary key: a key, a key condition that has all components, or a reference to an entity. Derived
/// with the entity.
///
/// `Order::key("c-1", 2026, 7)` and `Order::partition("c-1").year(2026).number(7)` are the same key: the second names each
/// component, so that two of one type are not swapped by mistake. A condition that lacks a component, or ends with a range,
/// is no key. Neither is that of an entity whose sort key repeats a component of its partition key.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// # pub struct Order { pub number: u32, pub total: u64 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let order = Order { number: 7, total: 10 };
/// shop.create(&order).send().await?;
/// shop.update(&order).apply(Order::TOTAL.add(5)).send().await?;
/// let order = shop.get(Order::partition(7)).send().await?.ok_or("no such order")?;
/// assert_eq!(order.total, 15);
/// shop.delete(&order).send().await?;
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither the key of an entity nor a reference to an entity",
    label = "expected a key or a reference to an entity",
    note = "make a key with the entity's `key` function, such as `Order::key(..)`, or with a key condition that has all components"
)]
pub trait IntoKey {
    /// The entity whose key it is.
    type Of: Entity;

    /// The key.
    fn into_key(self) -> <Self::Of as Entity>::Key;
}
