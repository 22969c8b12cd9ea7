//! Generated writes of unique fields, single and in transactions, with lost answers, against a model in memory.

use super::{Club, digits, items};
use crate::MAPPING;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::Item;
use dynamap::expr::Update;
use dynamap::op::TransactWriteItems;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Result, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Faults, Plan, Throttling, When};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};
use uuid::Uuid;

/// What is written of an entity.
#[derive(Debug, Clone, PartialEq)]
struct Values {
    email: String,
    phone: Option<u64>,
    house: String,
    badge: Option<String>,
    expires_at: Option<EpochSeconds>,
}

fn one_of<T: Clone>(all: &[T]) -> T {
    all[fastrand::usize(..all.len())].clone()
}

impl Values {
    fn draw(now: u64) -> Self {
        let soon = EpochSeconds(now as i64 + fastrand::i64(-2..40));
        Self {
            email: one_of(&["a", " A", "b", "c ", "C", "d", "e#", "E$"]).into(),
            phone: one_of(&[None, Some(1), Some(2), Some(3)]),
            house: one_of(&["red", "blue"]).into(),
            badge: one_of(&[None, Some("1"), Some("x1"), Some("2")]).map(str::to_owned),
            expires_at: one_of(&[None, None, Some(soon)]),
        }
    }

    fn is_alive(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|at| at.0 > now as i64)
    }

    /// The values that no other may have, with the name of their constraint.
    fn unique(&self) -> Vec<(&'static str, String)> {
        let badge = self.badge.as_deref().map(|badge| ("badge", format!("{}|{}", self.house, digits(badge))));
        let phone = self.phone.map(|phone| ("phone", phone.to_string()));
        [Some(("email", self.email.trim().to_lowercase())), phone, badge].into_iter().flatten().collect()
    }

    fn is_of(&self, item: &Item) -> bool {
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok().cloned());
        let number = |name: &str| item.get(name).and_then(|value| value.as_n().ok()?.parse::<i64>().ok());
        text("email").as_ref() == Some(&self.email)
            && number("phone") == self.phone.map(|phone| phone as i64)
            && text("house").as_ref() == Some(&self.house)
            && text("badge") == self.badge
            && number("expires_at") == self.expires_at.map(|at| at.0)
    }
}

/// What a write is expected to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Written,
    NotUnique,
    Refused,
    /// The answer of a refusal was lost.
    Unknown,
}

fn told(result: Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Written,
        Err(Error::NotUnique(_)) => Outcome::NotUnique,
        Err(Error::ConditionFailed(_) | Error::TransactionCanceled(_) | Error::NotFound(_)) => {
            Outcome::Refused
        }
        Err(Error::Unknown(_)) => Outcome::Unknown,
        Err(error) => panic!("{error:?}"),
    }
}

/// The items as they should be, by their ids.
#[derive(Debug, Clone, Default)]
struct Model(BTreeMap<u32, Values>);

impl Model {
    fn is_alive(&self, id: u32, now: u64) -> bool {
        self.0.get(&id).is_some_and(|values| values.is_alive(now))
    }

    /// Does all changes of one call, if they may be done.
    fn write(&mut self, changes: &[Change], now: u64) -> Outcome {
        let mut after = self.clone();
        for change in changes {
            let is_alive = self.is_alive(change.id, now);
            match change.verb {
                Verb::Create if is_alive => return Outcome::Refused,
                Verb::Save | Verb::Replace | Verb::Modify | Verb::Set | Verb::Visit if !is_alive => {
                    return Outcome::Refused;
                }
                // Single ones make way for themselves, where an item has expired; transactions do not.
                Verb::Upsert | Verb::SaveOrCreate if !is_alive && self.0.contains_key(&change.id) => {
                    if change.in_transaction {
                        return Outcome::Refused;
                    }
                    self.0.remove(&change.id);
                    after.0.insert(change.id, change.values.clone());
                }
                Verb::Delete => drop(after.0.remove(&change.id)),
                Verb::Visit => {}
                Verb::Set => {
                    let values = after.0.get_mut(&change.id).unwrap();
                    values.email.clone_from(&change.values.email);
                    values.phone = change.values.phone;
                }
                _ => drop(after.0.insert(change.id, change.values.clone())),
            }
        }
        let alive = after.0.values().filter(|values| values.is_alive(now));
        let all: Vec<(&str, String)> = alive.flat_map(Values::unique).collect();
        if all.iter().collect::<BTreeSet<_>>().len() != all.len() {
            return Outcome::NotUnique;
        }
        *self = after;
        Outcome::Written
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    Put,
    Save,
    SaveOrCreate,
    Replace,
    Modify,
    Set,
    Visit,
    Upsert,
    Delete,
}

#[derive(Debug, Clone)]
struct Change {
    id: u32,
    verb: Verb,
    values: Values,
    in_transaction: bool,
}

impl Change {
    fn draw<M: Member>(now: u64) -> Self {
        let verb = one_of(&[
            Verb::Create,
            Verb::Create,
            Verb::Put,
            Verb::Save,
            Verb::SaveOrCreate,
            Verb::Replace,
            Verb::Modify,
            Verb::Set,
            Verb::Visit,
            Verb::Upsert,
            Verb::Delete,
        ]);
        let verb = match verb {
            Verb::Put | Verb::SaveOrCreate if M::IS_VERSIONED => Verb::Save,
            Verb::Modify if !M::IS_VERSIONED => Verb::Save,
            verb => verb,
        };
        Self { id: fastrand::u32(..5), verb, values: Values::draw(now), in_transaction: false }
    }
}

/// What the test needs of each kind of entity.
trait Member: Entity<Table = Club> {
    const IS_VERSIONED: bool;

    fn make(id: u32, values: &Values) -> Self;
    fn take(&mut self, values: &Values);
    fn setting(values: &Values) -> Update<Self>;
    fn visiting() -> Update<Self>;
    fn upserting(values: &Values) -> Update<Self>;
    async fn send(club: &Table<Club>, change: &Change) -> Result<()>;
    fn add<'a>(
        club: &Table<Club>,
        to: TransactWriteItems<'a, Club>,
        change: &Change,
        held: &'a mut Self,
    ) -> TransactWriteItems<'a, Club>;
    /// The entity as it is stored, with other values.
    async fn held(club: &Table<Club>, id: u32, values: &Values) -> Self;
}

macro_rules! members {
    ($($name:ident: ($($option:tt)*), $key:literal, $kind:ident, { $($version:tt)* };)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Club, pk = $key, sk = "PROFILE" $($option)*)]
        #[dynamap(unique = "badge", fields(house, badge(digits)))]
        struct $name {
            id: u32,
            #[dynamap(unique(trim, lowercase))]
            email: String,
            #[dynamap(unique)]
            phone: Option<u64>,
            house: String,
            badge: Option<String>,
            visits: u32,
            #[dynamap(ttl)]
            expires_at: Option<EpochSeconds>,
            $($version)*
        }

        impl Member for $name {
            const IS_VERSIONED: bool = members!($kind is_versioned);

            fn make(id: u32, values: &Values) -> Self {
                let Values { email, phone, house, badge, expires_at } = values.clone();
                members!($kind make { id, email, phone, house, badge, visits: 0, expires_at })
            }
            fn take(&mut self, values: &Values) {
                let Values { email, phone, house, badge, expires_at } = values.clone();
                (self.email, self.phone, self.house, self.badge) = (email, phone, house, badge);
                self.expires_at = expires_at;
            }
            fn setting(values: &Values) -> Update<Self> {
                Self::EMAIL.set(values.email.as_str()).and(Self::PHONE.set(values.phone))
            }
            fn visiting() -> Update<Self> {
                Self::VISITS.add(1_u32)
            }
            fn upserting(values: &Values) -> Update<Self> {
                let Values { house, badge, expires_at, .. } = values.clone();
                let rest = Self::HOUSE.set(house).and(Self::BADGE.set(badge)).and(Self::VISITS.set(0_u32));
                Self::setting(values).and(rest).and(Self::EXPIRES_AT.set(expires_at))
            }
            async fn send(club: &Table<Club>, change: &Change) -> Result<()> {
                let Change { id, verb, values, .. } = change;
                members!($kind send club id verb values)
            }
            fn add<'a>(
                club: &Table<Club>,
                to: TransactWriteItems<'a, Club>,
                change: &Change,
                held: &'a mut Self,
            ) -> TransactWriteItems<'a, Club> {
                let Change { id, verb, values, .. } = change;
                members!($kind add club to id verb values held)
            }
            async fn held(club: &Table<Club>, id: u32, values: &Values) -> Self {
                let stored = club.get(Self::key(id)).consistent_read().include_expired().send().await.unwrap();
                let mut held = stored.unwrap_or_else(|| Self::make(id, values));
                held.take(values);
                held
            }
        }
    )* };
    (versioned is_versioned) => { true };
    (plain is_versioned) => { false };
    (versioned make { $($field:tt)* }) => { Self { $($field)*, version: Version::NEW } };
    (plain make { $($field:tt)* }) => { Self { $($field)* } };
    (plain send $club:ident $id:ident $verb:ident $values:ident) => {{
        let (entity, key) = (Self::make(*$id, $values), Self::key(*$id));
        match $verb {
            Verb::Create => $club.create(&entity).send().await,
            Verb::Put => $club.put(&entity).send().await,
            Verb::SaveOrCreate => $club.save_or_create(&entity).send().await,
            Verb::Replace => $club.replace(&entity).send().await,
            Verb::Set => $club.update(key).apply(Self::setting($values)).send().await,
            Verb::Visit => $club.update(key).apply(Self::visiting()).at_least_once().send().await,
            Verb::Upsert => $club.upsert(key).apply(Self::upserting($values)).send().await,
            Verb::Delete => $club.delete(key).at_least_once().send().await,
            _ => $club.save(&entity).send().await,
        }
    }};
    (versioned send $club:ident $id:ident $verb:ident $values:ident) => {{
        let key = Self::key(*$id);
        let mut held = Self::held($club, *$id, $values).await;
        if held.version.is_new() && matches!($verb, Verb::Save | Verb::Replace) {
            // There is nothing to follow.
            return $club.update(key).ignore_version().apply(Self::setting($values)).send().await;
        }
        match $verb {
            Verb::Create => {
                held.version = Version::NEW;
                $club.create(&mut held).send().await
            }
            Verb::Replace => $club.replace(&mut held).send().await,
            Verb::Modify => {
                let modify = $club.repository::<Self>().modify(key, |entity| {
                    entity.take($values);
                    Ok::<(), std::convert::Infallible>(())
                });
                modify.send().await.map(|_| ()).map_err(Error::from)
            }
            Verb::Set => {
                let update = $club.update(key).apply(Self::setting($values));
                match fastrand::bool() && !held.version.is_new() {
                    true => update.expect_version(&held.version).send().await,
                    false => update.ignore_version().send().await,
                }
            }
            Verb::Visit => $club.update(key).apply(Self::visiting()).at_least_once().ignore_version().send().await,
            Verb::Upsert => $club.upsert(key).apply(Self::upserting($values)).ignore_version().at_least_once().send().await,
            Verb::Delete => $club.delete(key).at_least_once().ignore_version().send().await,
            _ => $club.save(&mut held).send().await,
        }
    }};
    (plain add $club:ident $to:ident $id:ident $verb:ident $values:ident $held:ident) => {{
        let key = Self::key(*$id);
        match $verb {
            Verb::Create => $to.create(&*$held),
            Verb::Put => $to.put(&*$held),
            Verb::Replace => $to.replace(&*$held),
            Verb::Set => $to.update($club.update(key).apply(Self::setting($values))),
            Verb::Visit => $to.update($club.update(key).apply(Self::visiting())),
            Verb::SaveOrCreate => $to.write($club.save_or_create(&*$held)),
            Verb::Delete => $to.delete(key),
            _ => $to.save(&*$held),
        }
    }};
    (versioned add $club:ident $to:ident $id:ident $verb:ident $values:ident $held:ident) => {{
        let key = Self::key(*$id);
        match $verb {
            Verb::Create => {
                $held.version = Version::NEW;
                $to.create($held)
            }
            Verb::Replace if !$held.version.is_new() => $to.replace($held),
            Verb::Save if !$held.version.is_new() => $to.save($held),
            Verb::Visit => $to.update($club.update(key).apply(Self::visiting()).ignore_version()),
            Verb::Delete => $to.delete($club.delete(key).ignore_version()),
            _ => $to.update($club.update(key).apply(Self::setting($values)).ignore_version()),
        }
    }};
}

members! {
    Plain: (), "PLAIN#{id}", plain, {};
    Transacted: (, transactional), "TRANSACTED#{id}", plain, {};
    Counted: (), "COUNTED#{id}", versioned, { #[dynamap(version)] version: Version };
    Random: (), "RANDOM#{id}", versioned, { #[dynamap(version)] version: Version<Uuid> };
    Bare: (), "BARE#{id}", versioned, { #[dynamap(version, lineage = none)] version: Version<u64> };
}

/// The change as the transaction has it, which has no upserts and no `modify`.
fn in_transaction<M: Member>(change: Change) -> Change {
    let verb = match change.verb {
        Verb::Modify | Verb::Upsert if M::IS_VERSIONED => Verb::Set,
        Verb::Modify | Verb::Upsert => Verb::Save,
        verb => verb,
    };
    Change { verb, in_transaction: true, ..change }
}

/// A few ids, each once.
fn drawn<M: Member>(now: u64) -> Vec<Change> {
    let mut ids = BTreeSet::new();
    let changes = (0..fastrand::usize(2..4)).map(|_| in_transaction::<M>(Change::draw::<M>(now)));
    changes.filter(|change| ids.insert(change.id)).collect()
}

fn takes_twice(changes: &[Change]) -> bool {
    let taken: Vec<_> = changes.iter().flat_map(|change| change.values.unique()).collect();
    taken.iter().collect::<BTreeSet<_>>().len() < taken.len()
}

fn disturb(faults: &Faults) {
    if fastrand::u8(..3) > 0 {
        return;
    }
    let fault = match fastrand::u8(..8) {
        0 => Fault::DropAfter,
        1 => Fault::ErrorAfter,
        2 => Fault::Truncated(fastrand::usize(1..40)),
        3 => Fault::Corrupted(fastrand::usize(..64)),
        4 => Fault::DropBefore,
        5 => Fault::ErrorBefore,
        6 => Fault::TransactionConflict,
        _ => Fault::Throttle(Throttling::KeyRange),
    };
    // A read that fails has written nothing, and neither has the call.
    faults.add(When::operation("TransactWriteItems").after(fastrand::u64(..2)), fault);
}

async fn compare<M: Member>(club: &Table<Club>, model: &Model, now: u64, story: &str) {
    let (mut held, mut stored) = (BTreeMap::new(), BTreeSet::new());
    for item in items(club).await {
        let text =
            |name: &str| item.get(name).and_then(|value| value.as_s().ok().cloned()).unwrap_or_default();
        let expires_at = item.get("expires_at").map(|at| at.as_n().unwrap().parse::<i64>().unwrap());
        if item.get("entity_type") == Some(&AttributeValue::S("UNIQUE#".into())) {
            if expires_at.is_none_or(|at| at > now as i64) {
                held.insert((text("owner_partition_key"), text("pk")), expires_at);
            }
            continue;
        }
        let id: u32 = item["id"].as_n().unwrap().parse().unwrap();
        let values = model.0.get(&id).unwrap_or_else(|| panic!("{story}: {id} should not be there"));
        assert!(values.is_of(&item), "{story}: {id} should be {values:?}");
        stored.insert(id);
    }
    assert_eq!(stored, model.0.keys().copied().collect(), "{story}");
    let mut expected = BTreeMap::new();
    for (id, values) in model.0.iter().filter(|(_, values)| values.is_alive(now)) {
        let owner = dynamap::entity::Key::to_text(&M::make(*id, values).to_key()).unwrap().0;
        for (constraint, value) in values.unique() {
            let value = value.replace('$', "$T").replace('#', "$S").replace('|', "#");
            let text = format!("UNIQUE#{}#{constraint}#{value}", M::NAME);
            expected.insert((owner.clone(), text), values.expires_at.map(|at| at.0));
        }
    }
    assert_eq!(held, expected, "{story}");
}

async fn run<M: Member>(seed: u64) {
    fastrand::seed(seed);
    let now = Arc::new(AtomicU64::new(1000));
    let local = Local::memory().unwrap();
    let (faulty, faults) = local.with_faults(Plan::script([]));
    let clock = now.clone();
    let clock = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
    let table = |client| Table::<Club>::new(client, "club").with_mapping(MAPPING).with_clock(clock.clone());
    let quiet = table(local.client());
    let club = table(Client::from_conf(dynamap::direct::prepare(faulty.config()).build()));
    quiet.create_table_if_absent().send().await.unwrap();
    let mut model = Model::default();
    for step in 0..40 {
        let at = now.fetch_add(fastrand::u64(..4), Ordering::Relaxed);
        let at = at.max(now.load(Ordering::Relaxed));
        let (changes, result) = match fastrand::u8(..4) {
            0 => {
                let changes = drawn::<M>(at);
                let mut held = Vec::new();
                for change in &changes {
                    held.push(M::held(&quiet, change.id, &change.values).await);
                }
                disturb(&faults);
                let mut transaction = club.transact_write();
                for (change, held) in changes.iter().zip(&mut held) {
                    transaction = M::add(&club, transaction, change, held);
                }
                let result = transaction.send().await;
                (changes, result)
            }
            _ => {
                let change = Change::draw::<M>(at);
                disturb(&faults);
                let result = M::send(&club, &change).await;
                (vec![change], result)
            }
        };
        let story = format!("seed {seed} step {step} of {} at {at}: {changes:?}", M::NAME);
        let before = model.clone();
        let expected = model.write(&changes, at);
        let told = told(result);
        // That a condition failed does not tell that an earlier attempt never comes.
        let is_open = told == Outcome::Unknown && expected != Outcome::Written;
        // Two actions that take one value are refused before any request.
        let is_early = told == Outcome::NotUnique && expected == Outcome::Refused && takes_twice(&changes);
        // One that makes way for itself is refused at first, and that answer may be lost.
        let makes_way = |change: &&Change| {
            let is_upsert =
                matches!(change.verb, Verb::Upsert | Verb::SaveOrCreate) && !change.in_transaction;
            is_upsert && before.0.contains_key(&change.id) && !before.is_alive(change.id, at)
        };
        let made_way = changes.iter().find(makes_way).map(|change| change.id);
        if let Some(id) = made_way.filter(|_| told == Outcome::Unknown) {
            model = before.clone();
            let number = AttributeValue::N(id.to_string());
            if !items(&quiet).await.iter().any(|item| item.get("id") == Some(&number)) {
                model.0.remove(&id);
            }
        }
        let is_open = is_open || is_early || made_way.is_some() && told == Outcome::Unknown;
        assert!(told == expected || is_open, "{story}: {told:?}, not {expected:?}\n{model:?}");
        compare::<M>(&quiet, &model, at, &story).await;
    }
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

async fn runs<M: Member>() {
    let number = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let cases = number("DYNAMAP_CASES").unwrap_or(40);
    let first = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..1 << 32));
    for seed in first..first + cases {
        println!("DYNAMAP_SEED={seed}");
        run::<M>(seed).await;
    }
}

macro_rules! runs {
    ($($test:ident: $member:ident;)*) => { $(
        #[tokio::test(start_paused = true)]
        async fn $test() {
            runs::<$member>().await;
        }
    )* };
}

runs! {
    without_a_version: Plain;
    by_transactions: Transacted;
    with_a_number: Counted;
    with_a_random_version: Random;
    with_a_number_without_lineage: Bare;
}
