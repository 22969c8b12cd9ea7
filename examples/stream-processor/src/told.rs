//! Changes of the shop in words, and the effects that follow from them.

use dynamap::stream::{Change, ChangeRecord};
use webshop::model::{ProductId, ShopItem, Stock};

use crate::model::Event;

/// A change in words, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The entity of the item.
    pub entity: &'static str,
    /// The item.
    pub item: String,
    /// The event.
    pub event: Event,
    /// The change.
    pub what: String,
    /// The number of pieces of a product that were sold.
    pub sold: Option<(ProductId, u32)>,
    /// The number of pieces of a product that are left, if they have just become few.
    pub low: Option<(ProductId, u32)>,
}

/// The stock at which a product is to be ordered.
pub const LOW_STOCK: u32 = 3;

impl Told {
    /// The change of a record.
    #[must_use]
    pub fn of(record: &ChangeRecord<ShopItem>) -> Self {
        let (item, event, what) = match &record.change {
            Change::Insert { new } => (new, Event::Insert, state(new)),
            Change::Modify { old, new } => (new, Event::Modify, changed(old, new)),
            Change::Remove { old } if record.is_expired() => (old, Event::Expire, None),
            Change::Remove { old } => (old, Event::Remove, state(old)),
        };
        Self {
            entity: entity(item),
            item: name(item),
            event,
            what: what.unwrap_or_default(),
            sold: sold(&record.change),
            low: low(&record.change),
        }
    }
}

/// The states before and after a change, if they differ.
fn changed(old: &ShopItem, new: &ShopItem) -> Option<String> {
    match (state(old), state(new)) {
        (Some(old), Some(new)) if old != new => Some(format!("{old} -> {new}")),
        _ => None,
    }
}

/// The stock before and after a change.
fn stocks(change: &Change<ShopItem>) -> Option<(&Stock, &Stock)> {
    match change {
        Change::Modify { old: ShopItem::Stock(old), new: ShopItem::Stock(new) } => Some((old, new)),
        _ => None,
    }
}

/// A sale is a change by which the stock has become less: a delivery makes it more.
fn sold(change: &Change<ShopItem>) -> Option<(ProductId, u32)> {
    let (old, new) = stocks(change)?;
    old.count.checked_sub(new.count).filter(|sold| *sold > 0).map(|sold| (new.id, sold))
}

/// Tells a low stock once, when it becomes low: that needs the old image.
fn low(change: &Change<ShopItem>) -> Option<(ProductId, u32)> {
    let (old, new) = stocks(change)?;
    (old.count >= LOW_STOCK && new.count < LOW_STOCK).then_some((new.id, new.count))
}

/// The entity of an item.
fn entity(item: &ShopItem) -> &'static str {
    match item {
        ShopItem::Session(_) => "Session",
        ShopItem::User(_) => "User",
        ShopItem::ProductGroup(_) => "ProductGroup",
        ShopItem::Product(_) => "Product",
        ShopItem::Stock(_) => "Stock",
        ShopItem::Unknown(_) => "Unknown",
    }
}

/// An item in words. A session is named by its user: its token would let the reader of an outbox log in.
fn name(item: &ShopItem) -> String {
    match item {
        ShopItem::Session(session) => format!("session of {}", session.email),
        ShopItem::User(user) => format!("user {}", user.email),
        ShopItem::ProductGroup(group) => format!("group {}", group.id),
        ShopItem::Product(product) => format!("product {}", product.id),
        ShopItem::Stock(stock) => format!("stock of product {}", stock.id),
        ShopItem::Unknown(_) => "an item of an unknown entity".to_owned(),
    }
}

/// The state of an item in words, if it is worth telling.
fn state(item: &ShopItem) -> Option<String> {
    match item {
        ShopItem::Product(product) => Some(format!("`{}` at {}", product.title, product.price)),
        ShopItem::ProductGroup(group) => Some(format!("`{}`", group.name)),
        ShopItem::Stock(stock) => Some(format!("{} in stock", stock.count)),
        ShopItem::Session(_) | ShopItem::User(_) | ShopItem::Unknown(_) => None,
    }
}
