use super::{EntityName, ItemCollection, MemberOf};
use crate::{
    entity::{AnyKey, Entity, IntoKey, Item, Key, KeyBytes, KeyValues},
    error::{DecodeError, KeyError},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{fmt, marker::PhantomData};

/// The primary key of an item of the item collection `C`: the key of one of its members.
///
/// ```
/// # use dynamap::{Entity, ItemCollection, Table, TableSchema};
/// # use dynamap_local::Local;
/// use dynamap::{batch::Fetched, collection::MemberKey};
///
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
/// # pub struct Customer { pub customer_id: String }
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer_id: String, pub number: u32 }
/// #[derive(Debug, PartialEq, ItemCollection)]
/// pub enum CustomerItem {
///     Customer(Customer),
///     Order(Order),
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # shop.put(&Customer { customer_id: "c-1".into() }).send().await?;
/// # shop.put(&Order { customer_id: "c-1".into(), number: 7 }).send().await?;
/// let keys: [MemberKey<CustomerItem>; 2] = [Order::key("c-1", 7).into(), Customer::key("c-1").into()];
///
/// let items = shop.batch_get_members(keys.clone()).send().await?;
/// let items: Vec<CustomerItem> = items.into_iter().filter_map(Fetched::found).collect();
/// assert_eq!(items[0], CustomerItem::Order(Order { customer_id: "c-1".into(), number: 7 }));
///
/// let [order, customer] = shop.transact_get(keys).send().await?;
/// assert_eq!(customer, Some(CustomerItem::Customer(Customer { customer_id: "c-1".into() })));
/// # assert!(order.is_some());
/// # Ok(())
/// # }
/// ```
pub struct MemberKey<C> {
    member: usize,
    entity: &'static str,
    key: Result<KeyValues, KeyError>,
    of: PhantomData<fn() -> C>,
}

impl<C: ItemCollection> MemberKey<C> {
    /// The name of the entity that the key is of; empty of a changed item that is of no member and is kept.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The key as that of the entity `E`; `None` if it is of another member.
    pub fn to_key<E: MemberOf<C> + Entity>(&self) -> Option<E::Key> {
        let key = self.key.as_ref().ok().filter(|_| self.member == E::MEMBER)?;
        let mut values = key.values();
        E::Key::from_attributes(values.next(), values.next()).ok()
    }
}

impl<C, K: IntoKey<Of: MemberOf<C>>> From<K> for MemberKey<C> {
    fn from(key: K) -> Self {
        let (member, entity) = (<K::Of as MemberOf<C>>::MEMBER, <K::Of as Entity>::NAME);
        Self { member, entity, key: KeyValues::of(&key.into_key()), of: PhantomData }
    }
}

impl<C: ItemCollection> AnyKey for MemberKey<C> {
    fn member(&self) -> usize {
        self.member
    }

    fn of_member(
        member: Option<usize>,
        partition_key: Option<AttributeValue>,
        sort_key: Option<AttributeValue>,
    ) -> Result<Self, DecodeError> {
        let entity = member.and_then(|member| C::visit(member, EntityName)).unwrap_or_default();
        let key = KeyValues::of_attributes([partition_key, sort_key].into_iter().flatten());
        let key = key.ok_or_else(|| DecodeError::new("a key", "none").in_entity(C::NAME))?;
        Ok(Self { member: member.unwrap_or(C::MEMBERS), entity, key: Ok(key), of: PhantomData })
    }

    fn write_to(&self, bytes: &mut KeyBytes) -> Result<(), KeyError> {
        self.key.clone().map(|key| bytes.set_values(&key))
    }

    fn to_item(&self) -> Result<Item, KeyError> {
        self.key.clone().map(|key| key.to_item::<C::Table>())
    }
}

impl<C> Clone for MemberKey<C> {
    fn clone(&self) -> Self {
        let Self { member, entity, key, .. } = self;
        Self { member: *member, entity, key: key.clone(), of: PhantomData }
    }
}

/// Keys are equal if they are of one member and have equal values.
impl<C> PartialEq for MemberKey<C> {
    fn eq(&self, other: &Self) -> bool {
        self.member == other.member && self.key == other.key
    }
}

impl<C> Eq for MemberKey<C> {}

/// Shows the entity, and no value.
impl<C> fmt::Debug for MemberKey<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberKey").field("entity", &self.entity).finish_non_exhaustive()
    }
}
