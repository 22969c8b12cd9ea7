//! Repair of the sentinel items of unique fields.

use super::{
    read::Raw,
    scan::Scan,
    transact_write_items::{mend, read_item},
    write::unique::{StoredValues, UniqueChange, UniqueRules, UniqueWrite},
};
use crate::{
    call::{
        Handle,
        item_status::{FoundBy, ItemStatus},
        metering::metered,
    },
    entity::{self, Entity, Item, OWNER, SENTINEL_TYPE, UniqueConstraint, sentinel_prefix},
    observe::Observing,
    outcome::{Error, Result, UniqueDuplicate, UniqueReport},
    schema::Primary,
    value::EpochSeconds,
    wire,
};
use std::{
    collections::{HashMap, HashSet},
    fmt,
    marker::PhantomData,
    pin::pin,
};

/// Looks for sentinel items of unique fields that are missing or behind, and mends them.
///
/// It reads the whole table by a strongly consistent Scan. For each unique value of an entity it reads the sentinel item, and for each
/// sentinel item its owner (GetItem, strongly consistent). What is not as it should be is mended by a transaction of two actions,
/// with the condition that the entity is as it was read: so it may run while the table is written to, and again at any time.
///
/// - A value without a sentinel item gets one, and one with another time to live than its owner gets that of the owner.
/// - A sentinel item is deleted if its owner is not there, has expired, or does not have the value (an orphan).
/// - Where two entities have one value, the report has their keys; nothing is changed.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "USER#{id}")]
/// # pub struct User { pub id: u32, #[dynamap(unique)] pub email: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let users = shop.repository::<User>();
/// // A batch keeps nothing unique.
/// users.batch_write().put_unchecked(&User { id: 1, email: "ada@example.com".into() }).send().await?;
/// assert_eq!(users.repair_unique().send().await?.missing(), 1);
/// assert!(users.repair_unique().send().await?.is_clean());
/// # Ok(())
/// # }
/// ```
#[must_use = "a repair does nothing until it is sent"]
pub struct RepairUnique<E> {
    handle: Handle,
    only_check: bool,
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> RepairUnique<E> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, only_check: false, of: PhantomData }
    }

    /// Reports what is not as it should be, and writes nothing. It keeps the values that a repair would change in memory.
    pub fn only_check(mut self) -> Self {
        self.only_check = true;
        self
    }

    /// Runs the repair.
    ///
    /// # Errors
    /// A request fails, or an item with the entity type of `E` has no key of `E`. What was mended before stays so; the repair can
    /// be run again.
    pub async fn send(self) -> Result<UniqueReport<E>> {
        let observing = Observing::call("RepairUnique", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<UniqueReport<E>> {
        let mut run = RepairRun::<E>::new(self.handle, self.only_check);
        let mut items = Scan::<E::Table, Primary, Raw>::raw(run.handle.clone(), true).items();
        while let Some(item) = items.next().await {
            let item = wire::item_from_json::<Item>(&item?).map_err(Error::from)?;
            // In a box: what it does is large beside the loop.
            Box::pin(run.look_at(item)).await?;
        }
        Ok(run.report)
    }
}

struct RepairRun<E: Entity> {
    handle: Handle,
    only_check: bool,
    rules: UniqueRules,
    now: i64,
    /// The values that a repair would hold, where it only checks, and the keys of their owners.
    held: HashMap<String, Item>,
    /// The values that were released, or would be: a page of the scan may still have their orphans.
    released: HashSet<String>,
    report: UniqueReport<E>,
}

/// The holder of a unique value.
enum ValueHolder {
    Nobody,
    /// The item itself, with the same time to live or another one.
    Itself(bool),
    /// The owner of an orphan, which has the value no more.
    Behind(Box<UniqueWrite>),
    Other(Item),
}

impl<E: Entity> RepairRun<E> {
    fn new(handle: Handle, only_check: bool) -> Self {
        let report = UniqueReport {
            entities: 0,
            sentinels: 0,
            missing: 0,
            orphans: 0,
            skipped: 0,
            duplicates: Vec::new(),
        };
        let now = EpochSeconds::from(handle.time()).as_seconds();
        Self {
            handle,
            only_check,
            rules: UniqueRules::of_any::<E>(),
            now,
            held: HashMap::new(),
            released: HashSet::new(),
            report,
        }
    }

    async fn look_at(&mut self, item: Item) -> Result<()> {
        // A scan may take hours.
        self.now = EpochSeconds::from(self.handle.time()).as_seconds();
        if entity::entity_type::<E::Table>(&item) == Some(SENTINEL_TYPE) {
            return self.look_at_sentinel(item).await;
        }
        match ItemStatus::of::<E>(&item, FoundBy::Page, self.now) {
            ItemStatus::Present => self.look_at_entity(item).await,
            ItemStatus::Expired | ItemStatus::OtherEntity | ItemStatus::Unknown => Ok(()),
        }
    }

    async fn look_at_entity(&mut self, item: Item) -> Result<()> {
        self.report.entities += 1;
        let key = self.rules.key_of(&item);
        for constraint in self.rules.constraints {
            // What has no key cannot be held.
            let Ok(Some(text)) = self.rules.text(constraint, Some(&item)) else { continue };
            let (change, stored) = (UniqueChange::Put(Item::new()), StoredValues::Item(item.clone()));
            let write = UniqueWrite { rules: self.rules, key: key.clone(), change, stored, now: self.now };
            if let Some(owner) = self.held.get(&text).cloned() {
                self.duplicate(constraint, &item, &owner)?;
                continue;
            }
            match self.holder(&text, &write, &item).await? {
                ValueHolder::Itself(true) => {}
                ValueHolder::Itself(false) | ValueHolder::Nobody => self.hold(&write, &text).await?,
                ValueHolder::Behind(other) => {
                    self.release(&other, &text).await?;
                    self.hold(&write, &text).await?;
                }
                ValueHolder::Other(owner) => self.duplicate(constraint, &item, &owner)?,
            }
        }
        Ok(())
    }

    /// The holder of a value that `item` has.
    async fn holder(&self, text: &str, write: &UniqueWrite, item: &Item) -> Result<ValueHolder> {
        let sentinel = read_item(&self.handle, E::NAME, &self.rules.sentinel_key(text)).await?;
        let Some(sentinel) = sentinel.filter(|sentinel| !self.rules.is_expired(sentinel, self.now)) else {
            return Ok(ValueHolder::Nobody);
        };
        let owner = self.owner(&sentinel);
        if owner == write.key {
            return Ok(ValueHolder::Itself(self.rules.expiry(&sentinel) == self.rules.expiry(item)));
        }
        let other = self.read(owner).await?;
        Ok(match self.has(&other, text) {
            true => ValueHolder::Other(other.key),
            false => ValueHolder::Behind(Box::new(other)),
        })
    }

    async fn look_at_sentinel(&mut self, sentinel: Item) -> Result<()> {
        let text = sentinel.get(self.rules.partition_key).and_then(|text| text.as_s().ok());
        let Some(text) = text.filter(|text| text.starts_with(&sentinel_prefix(E::NAME))) else {
            return Ok(());
        };
        if self.rules.is_expired(&sentinel, self.now) {
            return Ok(());
        }
        self.report.sentinels += 1;
        let owner = self.read(self.owner(&sentinel)).await?;
        match self.has(&owner, text) {
            true => Ok(()),
            false => self.release(&owner, text).await,
        }
    }

    /// The item with this key, as a write that deletes its sentinel items.
    async fn read(&self, key: Item) -> Result<UniqueWrite> {
        let stored = read_item(&self.handle, E::NAME, &key).await?;
        let stored = stored.map_or(StoredValues::Absent, StoredValues::Item);
        Ok(UniqueWrite { rules: self.rules, key, change: UniqueChange::Delete, stored, now: self.now })
    }

    /// True if the item counts, and has the value.
    fn has(&self, owner: &UniqueWrite, text: &str) -> bool {
        let Some(item) = owner.before() else { return false };
        let has =
            |constraint| matches!(self.rules.text(constraint, Some(item)), Ok(Some(held)) if held == text);
        self.rules.constraints.iter().any(has)
    }

    /// The key of the owner of a sentinel item.
    fn owner(&self, sentinel: &Item) -> Item {
        let names = [Some(self.rules.partition_key), self.rules.sort_key].into_iter().zip(OWNER);
        let values = names.filter_map(|(name, owner)| Some((name?.to_owned(), sentinel.get(owner)?.clone())));
        values.collect()
    }

    async fn hold(&mut self, write: &UniqueWrite, text: &str) -> Result<()> {
        if self.only_check {
            self.held.insert(text.to_owned(), write.key.clone());
        }
        let mended = self.only_check || mend(&self.handle, write, text).await?;
        *if mended { &mut self.report.missing } else { &mut self.report.skipped } += 1;
        Ok(())
    }

    async fn release(&mut self, owner: &UniqueWrite, text: &str) -> Result<()> {
        if self.released.contains(text) {
            return Ok(());
        }
        let mended = self.only_check || mend(&self.handle, owner, text).await?;
        if mended {
            self.released.insert(text.to_owned());
        }
        *if mended { &mut self.report.orphans } else { &mut self.report.skipped } += 1;
        Ok(())
    }

    fn duplicate(&mut self, constraint: &UniqueConstraint, item: &Item, owner: &Item) -> Result<()> {
        let (key, owner) = (entity::key_of::<E>(item)?, entity::key_of::<E>(owner)?);
        self.report.duplicates.push(UniqueDuplicate { constraint: constraint.name, key, owner });
        Ok(())
    }
}

metered!([E] RepairUnique<E>, handle);

impl<E: Entity> fmt::Debug for RepairUnique<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepairUnique")
            .field("entity", &E::NAME)
            .field("only_check", &self.only_check)
            .finish_non_exhaustive()
    }
}
