//! Updates, and the index keys that follow them.

use crate::MAPPING;
use crate::model::{ByStatus, Customer, Order, Session, Shop, Status, order, shop, stocked};
use dynamap::error::{ExpressionErrorKind, KeyErrorKind, Redacted};
use dynamap::expr::Update;
use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, Error, Index, Table, TableSchema};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByTeam, ByOwner, ByShelf))]
struct Desk;

#[derive(Index)]
#[dynamap(table = Desk, name = "team", partition_key = "team_pk", sort_key = "team_sk")]
struct ByTeam;

#[derive(Index)]
#[dynamap(table = Desk, name = "owner", partition_key = "owner_pk", sort_key = "owner_sk")]
struct ByOwner;

#[derive(Index)]
#[dynamap(table = Desk, name = "shelf", partition_key = "shelf", sort_key = number("count"))]
struct ByShelf;

/// Has an index whose key attributes follow one field each, one whose key is there only with its optional part, and
/// one whose key attributes are fields.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "TICKET#{id}")]
#[dynamap(index = ByTeam, pk = "TEAM#{team}", sk = "{priority}#{id}")]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}", sk = "{state}#{since}")]
#[dynamap(index = ByShelf, pk = shelf, sk = count)]
struct Ticket {
    id: u32,
    team: String,
    priority: u8,
    owner: Option<String>,
    state: State,
    #[dynamap(rename = "as-of")]
    since: u32,
    shelf: Option<String>,
    count: u32,
    tags: BTreeSet<String>,
    lines: Vec<String>,
    place: Place,
    notes: BTreeMap<String, u32>,
    #[dynamap(with = hex)]
    code: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
enum State {
    Open,
    Done,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Place {
    room: u32,
    floor: Option<i32>,
}

mod hex {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{FromAttribute, Reader, ToAttribute, Writer};

    pub(crate) fn write<W: Writer>(value: &u32, w: &mut W) -> Result<(), EncodeError> {
        format!("{value:x}").write(w)
    }

    pub(crate) fn read<R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
        let text = String::read(r)?;
        u32::from_str_radix(&text, 16).map_err(|_| DecodeError::new("a hexadecimal number", "another text"))
    }
}

fn ticket(id: u32) -> Ticket {
    Ticket {
        id,
        team: "blue".into(),
        priority: 3,
        owner: Some("ada".into()),
        state: State::Open,
        since: 5,
        shelf: Some("top".into()),
        count: 1,
        tags: ["a", "b"].map(String::from).into(),
        lines: vec!["one".into()],
        place: Place { room: 7, floor: None },
        notes: [("x".into(), 1)].into(),
        code: 255,
    }
}

async fn desk() -> Table<Desk> {
    let desk = Table::new(Local::memory().unwrap().client(), "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().send().await.unwrap();
    desk
}

async fn stored(desk: &Table<Desk>, id: u32) -> Ticket {
    desk.get(Ticket::key(id)).consistent_read().send().await.unwrap().unwrap()
}

/// The names of the key attributes of indexes that are stored.
async fn key_attributes(desk: &Table<Desk>, id: u32) -> Vec<String> {
    let item = desk.get(Ticket::key(id)).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    let names = ["team_pk", "team_sk", "owner_pk", "owner_sk", "shelf"];
    names.into_iter().filter(|name| item.contains_key(*name)).map(String::from).collect()
}

async fn of_owner(desk: &Table<Desk>, owner: &str) -> Vec<(State, u32)> {
    let found = desk.query(Ticket::by_owner(owner)).try_collect().await.unwrap();
    found.into_iter().map(|ticket| (ticket.state, ticket.since)).collect()
}

#[tokio::test]
async fn actions_change_what_they_say() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let update = |update| desk.update(Ticket::key(1)).apply(update).return_new().send();

    let after = update(Ticket::COUNT.set(Ticket::COUNT + 5)).await.unwrap();
    assert_eq!(after, Ticket { count: 6, ..ticket(1) });
    let after = update(Ticket::COUNT.add(4).and(Ticket::TAGS.add(["c", "b"]))).await.unwrap();
    assert_eq!((after.count, after.tags.len()), (10, 3));
    let after = update(Ticket::TAGS.delete(["a", "b", "c"])).await.unwrap();
    assert!(after.tags.is_empty());
    let after =
        update(Ticket::LINES.append(["two"]).and(Ticket::PLACE.field(Place::FLOOR).set(-1))).await.unwrap();
    assert_eq!((after.lines, after.place.floor), (vec!["one".into(), "two".into()], Some(-1)));
    let both = Ticket::LINES.index(0).set("zero").and(Ticket::NOTES.key("y").set(2));
    let after = update(both).await.unwrap();
    assert_eq!((&*after.lines[0], after.notes.len()), ("zero", 2));
    let after = update(Ticket::LINES.index(1).remove().and(Ticket::NOTES.key("x").remove())).await.unwrap();
    assert_eq!((after.lines.len(), after.notes), (1, [("y".into(), 2)].into()));
    let after =
        update(Ticket::LINES.prepend(["first".to_owned()]).and(Ticket::PLACE.field(Place::FLOOR).remove()))
            .await;
    let after = after.unwrap();
    assert_eq!((&*after.lines[0], after.place), ("first", ticket(1).place));
    let after = update(Ticket::CODE.set(&16).and(Ticket::TAGS.set(["z"]))).await.unwrap();
    assert_eq!((after.code, after.tags), (16, ["z".to_owned()].into()));
    let after =
        update(Ticket::TAGS.set(BTreeSet::new()).and(Ticket::PLACE.set(Place { room: 1, floor: Some(2) })))
            .await;
    let after = after.unwrap();
    assert_eq!((after.tags.len(), &after.place), (0, &Place { room: 1, floor: Some(2) }));
    assert_eq!(stored(&desk, 1).await, after);
    let less =
        update(Ticket::PLACE.field(Place::ROOM).set(Ticket::COUNT - Ticket::COUNT.if_not_exists(0))).await;
    assert_eq!(less.unwrap().place.room, 0);
}

#[tokio::test]
async fn an_update_needs_an_item_and_an_upsert_does_not() {
    let shop = shop().await;
    let key = || Order::key("c-1", 2024, 1);
    let absent = shop.update(key()).apply(Order::NOTE.set("x".to_owned())).send().await;
    let Err(Error::ConditionFailed(failed)) = absent else { panic!("{absent:?}") };
    assert_eq!(
        (failed.operation(), failed.entity(), failed.raw_item().is_none()),
        ("UpdateItem", "Order", true)
    );
    assert!(!shop.exists(key()).send().await.unwrap());

    let whole = || Order::TOTAL.set(10_u64).and(Order::STATUS.set(Status::Open));
    let old = shop.upsert(key()).apply(whole()).return_old().send().await.unwrap();
    assert_eq!(old, None, "it was not there");
    let created = order("c-1", 2024, 1);
    // `year` and `number` are attributes beside the key, and come with it.
    assert_eq!(shop.get(key()).send().await.unwrap().as_ref(), Some(&created));
    let old = shop.upsert(key()).apply(Order::TOTAL.set(20_u64)).return_old().send().await.unwrap();
    assert_eq!(old, Some(created));
}

#[tokio::test]
async fn an_upsert_creates_a_whole_item() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "COUNTER#{name}", sk = "COUNTER")]
    #[dynamap(index = ByStatus, pk = "COUNTERS", sk = "{kind}#{name}")]
    struct Counter {
        #[dynamap(key_only)]
        name: String,
        kind: String,
        count: u64,
    }
    let shop = shop().await;
    let count =
        || shop.upsert(Counter::key("n")).apply(Counter::COUNT.add(1_u64)).apply(Counter::KIND.set("k"));
    let counted = count().return_updated_new().send().await.unwrap();
    assert_eq!(counted.get(Counter::COUNT).unwrap(), Some(1));
    assert_eq!(counted.get(Counter::KIND).unwrap().as_deref(), Some("k"));
    let counted = count().return_updated_old().send().await.unwrap();
    assert_eq!(counted.get(Counter::COUNT).unwrap(), Some(1));
    let item = shop.get(Counter::key("n")).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    let text = |name: &str| item[name].as_s().unwrap().as_str();
    assert_eq!((text("entity_type"), text("gsi1pk"), text("gsi1sk")), ("Counter", "COUNTERS", "k#n"));
    let counter = shop.get(Counter::key("n")).send().await.unwrap();
    assert_eq!(counter, Some(Counter { name: "n".into(), kind: "k".into(), count: 2 }));
}

#[tokio::test]
async fn an_index_key_follows_the_field_that_it_is_made_of() {
    let (shop, orders) = stocked().await;
    let key = || Order::key("c-1", 2024, 3);
    let with = async |status| {
        let of_index = orders.query(Order::by_status(status)).project::<crate::model::OrderNote>();
        of_index.try_collect().await.unwrap().len()
    };
    assert_eq!((with(Status::Open).await, with(Status::Shipped).await), (21, 0));
    orders.update(key()).apply(Order::STATUS.set(Status::Shipped)).send().await.unwrap();
    assert_eq!((with(Status::Open).await, with(Status::Shipped).await), (20, 1));
    // Without its optional part, there is no key in the index, and no half of one.
    orders.update(key()).apply(Order::STATUS.set(None)).send().await.unwrap();
    assert_eq!((with(Status::Open).await, with(Status::Shipped).await), (20, 0));
    let item = shop.get(key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert!(!item.contains_key("gsi1pk") && !item.contains_key("gsi1sk"), "{item:?}");
    // And back again, whole.
    orders.update(key()).apply(Order::STATUS.set(Status::Open)).send().await.unwrap();
    assert_eq!((with(Status::Open).await, with(Status::Shipped).await), (21, 0));
    orders.update(key()).apply(Order::STATUS.remove()).send().await.unwrap();
    assert_eq!(with(Status::Open).await, 20);
    // A field that is a key attribute itself follows by itself.
    orders.update(key()).apply(Order::TOTAL.set(Order::TOTAL + 1000_u64)).send().await.unwrap();
    let last = orders.query(Order::by_total("c-1")).descending().limit(1).try_collect().await.unwrap();
    assert_eq!((last[0].number, last[0].total), (3, 1030));
}

#[tokio::test]
async fn each_key_attribute_follows_its_own_fields() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    desk.update(Ticket::key(1)).apply(Ticket::TEAM.set("red")).send().await.unwrap();
    assert!(desk.query(Ticket::by_team("blue")).try_collect().await.unwrap().is_empty());
    assert_eq!(desk.query(Ticket::by_team("red").priority(3)).try_collect().await.unwrap().len(), 1);
    desk.update(Ticket::key(1)).apply(Ticket::PRIORITY.set(1)).send().await.unwrap();
    assert_eq!(desk.query(Ticket::by_team("red").priority(..3)).try_collect().await.unwrap().len(), 1);
    assert_eq!(desk.query(Ticket::by_team("red").priority(3)).try_collect().await.unwrap().len(), 0);

    desk.update(Ticket::key(1)).apply(Ticket::SHELF.set("low")).send().await.unwrap();
    assert_eq!(desk.query(Ticket::by_shelf("low")).try_collect().await.unwrap().len(), 1);
    desk.update(Ticket::key(1)).apply(Ticket::SHELF.remove()).send().await.unwrap();
    assert_eq!(desk.query(Ticket::by_shelf("low")).try_collect().await.unwrap().len(), 0);
    assert_eq!(key_attributes(&desk, 1).await, ["team_pk", "team_sk", "owner_pk", "owner_sk"]);
}

#[tokio::test]
async fn fields_that_feed_a_key_jointly_are_set_together() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let set = |owner: Option<String>, state, since| {
        desk.update(Ticket::key(1)).apply(Ticket::set_owner_and_state_and_since(owner, state, since)).send()
    };
    assert_eq!(of_owner(&desk, "ada").await, [(State::Open, 5)]);
    set(Some("bob".into()), State::Done, 9).await.unwrap();
    assert!(of_owner(&desk, "ada").await.is_empty());
    assert_eq!(of_owner(&desk, "bob").await, [(State::Done, 9)]);
    // An absent part takes the item out, and the other parts are set all the same.
    set(None, State::Open, 1).await.unwrap();
    assert!(of_owner(&desk, "bob").await.is_empty());
    assert_eq!(key_attributes(&desk, 1).await, ["team_pk", "team_sk", "shelf"]);
    assert_eq!((stored(&desk, 1).await.owner, stored(&desk, 1).await.since), (None, 1));
    set(Some("eve".into()), State::Open, 2).await.unwrap();
    assert_eq!(of_owner(&desk, "eve").await, [(State::Open, 2)]);
    desk.update(Ticket::key(1)).apply(Ticket::OWNER.remove()).send().await.unwrap();
    assert_eq!(key_attributes(&desk, 1).await, ["team_pk", "team_sk", "shelf"]);
}

#[tokio::test]
async fn an_index_key_that_cannot_be_made_is_an_error_before_any_request() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let long = "x".repeat(2048);
    let too_long = desk.update(Ticket::key(1)).apply(Ticket::TEAM.set(&*long)).send().await;
    let Err(Error::Key(error)) = too_long else { panic!("{too_long:?}") };
    assert!(matches!(error.kind(), KeyErrorKind::TooLong { .. }), "{error}");
    let empty = desk.update(Ticket::key(1)).apply(Ticket::SHELF.set("")).send().await;
    let Err(Error::Key(error)) = empty else { panic!("{empty:?}") };
    assert_eq!((error.attribute(), error.kind()), (Some("shelf"), &KeyErrorKind::Empty));
    assert_eq!(stored(&desk, 1).await, ticket(1));
}

#[tokio::test]
async fn a_condition_holds_back_an_update() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let sell = |least| {
        desk.update(Ticket::key(1))
            .apply(Ticket::COUNT.set(Ticket::COUNT - 1))
            .condition(Ticket::COUNT.ge(least))
    };
    let refused = sell(2).send().await;
    let Err(Error::ConditionFailed(failed)) = refused else { panic!("{refused:?}") };
    assert_eq!(failed.current::<Ticket>().unwrap().unwrap(), ticket(1));
    assert_eq!(sell(1).return_old().send().await.unwrap(), Some(ticket(1)));
    assert_eq!(stored(&desk, 1).await.count, 0);
}

#[tokio::test]
async fn an_empty_update_is_an_error_unless_it_may_be() {
    let (local, requests) = Local::memory().unwrap().recording();
    let desk = Table::<Desk>::new(local.client(), "desk").with_mapping(MAPPING);
    let refused = [
        desk.update(Ticket::key(1)).send().await,
        desk.update(Ticket::key(1)).apply(Update::none()).return_new().send().await.map(|_| ()),
        desk.update(Ticket::key(1)).apply(Update::all([])).send().await,
        // A set of nothing more and nothing less.
        desk.update(Ticket::key(1)).apply(Ticket::TAGS.add(BTreeSet::new())).send().await,
    ];
    for refused in refused {
        let Err(Error::Expression(error)) = refused else { panic!("{refused:?}") };
        assert_eq!(*error.kind(), ExpressionErrorKind::NoActions);
        assert_eq!(error.to_string(), "the update has no actions");
    }
    desk.update(Ticket::key(1)).skip_if_empty().send().await.unwrap();
    assert!(requests.take().is_empty(), "nothing was sent");
    let sent = desk.update(Ticket::key(1)).skip_if_empty().apply(Ticket::COUNT.set(1)).send().await;
    assert!(sent.is_err() && !requests.take().is_empty(), "there is no table");
}

#[tokio::test]
async fn nothing_among_the_elements_of_a_list_is_null() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "SLOTS#{id}", sk = "SLOTS")]
    struct Slots {
        id: u32,
        slots: Vec<Option<String>>,
    }
    let shop = shop().await;
    let some = |text: &str| Some(text.to_owned());
    shop.create(&Slots { id: 1, slots: vec![some("a"), some("b"), some("c")] }).send().await.unwrap();
    let update = Slots::SLOTS.index(1).set(None);
    let after = shop.update(Slots::key(1)).apply(update).return_new().send().await.unwrap();
    assert_eq!(after.slots, [some("a"), None, some("c")], "the others keep their places");
    let more = shop.update(Slots::key(1)).apply(Slots::SLOTS.append([None, some("e")])).return_new();
    assert_eq!(more.send().await.unwrap().slots, [some("a"), None, some("c"), None, some("e")]);
}

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", indexes(Reversed, ByBuyer, BySeller))]
struct Market;

/// The table's own keys, the other way round.
#[derive(Index)]
#[dynamap(table = Market, name = "reversed", partition_key = "SK", sort_key = "PK")]
struct Reversed;

#[derive(Index)]
#[dynamap(table = Market, name = "buyer", partition_key = "buyer_pk", sort_key = "made")]
struct ByBuyer;

/// Has an attribute of its key in common with `ByBuyer`.
#[derive(Index)]
#[dynamap(table = Market, name = "seller", partition_key = "seller_pk", sort_key = "made")]
struct BySeller;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Market, pk = "SHOP#{shop}", sk = "DEAL#{deal}")]
#[dynamap(index = Reversed, pk = "DEAL#{deal}", sk = "SHOP#{shop}")]
#[dynamap(index = ByBuyer, pk = "BUYER#{buyer}", sk = "MADE#{deal}")]
#[dynamap(index = BySeller, pk = "SELLER#{seller}", sk = "MADE#{deal}")]
struct Deal {
    shop: u32,
    deal: u32,
    buyer: Option<String>,
    seller: Option<String>,
}

#[tokio::test]
async fn indexes_may_share_attributes_and_be_made_of_the_tables_own_keys() {
    let market = Table::<Market>::new(Local::memory().unwrap().client(), "market").with_mapping(MAPPING);
    market.create_table_if_absent().send().await.unwrap();
    let key = || Deal::key(1, 2);
    let both = Deal::BUYER.set("b".to_owned()).and(Deal::SELLER.set("s".to_owned()));
    market.upsert(key()).apply(both).send().await.unwrap();
    let found = async || {
        let buyers = market.query(Deal::by_buyer("b")).try_collect().await.unwrap().len();
        let sellers = market.query(Deal::by_seller("s")).try_collect().await.unwrap().len();
        (buyers, sellers, market.query(Deal::reversed(2)).try_collect().await.unwrap().len())
    };
    assert_eq!(found().await, (1, 1, 1));
    // The shared attribute stays for the index that the item is still in.
    market.update(key()).apply(Deal::BUYER.remove()).send().await.unwrap();
    assert_eq!(found().await, (0, 1, 1));
    market.update(key()).apply(Deal::BUYER.set("b".to_owned())).send().await.unwrap();
    assert_eq!(found().await, (1, 1, 1));
    // It goes with the last.
    market.update(key()).apply(Deal::BUYER.remove().and(Deal::SELLER.remove())).send().await.unwrap();
    assert_eq!(found().await, (0, 0, 1));
    let item = market.get(key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert!(!item.contains_key("made"), "{item:?}");
}

#[tokio::test]
async fn what_dynamodb_would_refuse_is_an_error_before_any_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let desk = Table::<Desk>::new(local.client(), "desk").with_mapping(MAPPING);
    let refused = async |update: Update<Ticket>| {
        let in_memory = update.apply_to(&dynamap::entity::to_item(&ticket(1)).unwrap()).unwrap_err();
        let error = desk.update(Ticket::key(1)).apply(update).send().await.unwrap_err();
        assert_eq!(error.to_string(), in_memory.to_string());
        match error {
            Error::Expression(error) => error.kind().clone(),
            error => panic!("{error}"),
        }
    };
    let shown = |path: &str| Redacted::new(path, path);
    let overlap = |first: &str, second: &str| ExpressionErrorKind::Overlap(shown(first), shown(second));
    assert_eq!(refused(Ticket::COUNT.set(1).and(Ticket::COUNT.add(1))).await, overlap("count", "count"));
    let inside = Ticket::PLACE.field(Place::ROOM).set(1).and(Ticket::PLACE.set(ticket(1).place));
    assert_eq!(refused(inside).await, overlap("place", "place.room"));
    let elements = Ticket::LINES.index(1).set("a").and(Ticket::LINES.append(["b"]));
    assert_eq!(refused(elements).await, overlap("lines", "lines[1]"));
    // The keys of a map are data.
    let under_key = refused(Ticket::NOTES.key("a.b").set(1).and(Ticket::NOTES.set(ticket(1).notes))).await;
    assert_eq!(
        under_key,
        ExpressionErrorKind::Overlap(shown("notes"), Redacted::new("notes.{key}", "notes.`a.b`"))
    );
    let many = Update::all((0..301).map(|key| Ticket::NOTES.key(key.to_string()).set(Ticket::COUNT + 1)));
    assert_eq!(refused(many).await, ExpressionErrorKind::TooManyOperators { count: 301, limit: 300 });
    let long = Update::all((0..500).map(|key| Ticket::NOTES.key(key.to_string()).set(1)));
    assert!(matches!(refused(long).await, ExpressionErrorKind::TooLong { limit: 4096, .. }));
    assert!(requests.take().is_empty(), "nothing was sent");
    // Neighbours do not overlap.
    let both = Ticket::LINES
        .index(0)
        .set("a")
        .and(Ticket::LINES.index(1).set("b"))
        .and(Ticket::NOTES.key("a").set(1));
    both.and(Ticket::NOTES.key("a.b").set(1))
        .apply_to(&dynamap::entity::to_item(&ticket(1)).unwrap())
        .unwrap();
}

#[tokio::test]
async fn what_the_item_does_not_hold_is_an_error_of_the_service() {
    let desk = desk().await;
    desk.create(&Ticket { place: Place { room: 1, floor: None }, ..ticket(1) }).send().await.unwrap();
    let floor = || Ticket::PLACE.field(Place::FLOOR);
    let absent = desk.update(Ticket::key(1)).apply(floor().set(floor() + 1)).send().await;
    let Err(Error::Service(error)) = absent else { panic!("{absent:?}") };
    assert_eq!(error.code(), Some("ValidationException"));
    desk.update(Ticket::key(1)).apply(floor().set(floor().if_not_exists(0) + 1)).send().await.unwrap();
    assert_eq!(stored(&desk, 1).await.place.floor, Some(1));
}

#[tokio::test]
async fn save_keeps_what_the_entity_does_not_know() {
    /// An older form of the ticket.
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Desk, pk = "TICKET#{id}", name = "Ticket")]
    #[dynamap(index = ByTeam, pk = "TEAM#{team}", sk = "{priority}#{id}")]
    #[dynamap(index = ByShelf, pk = shelf, sk = count)]
    struct OldTicket {
        id: u32,
        team: String,
        priority: u8,
        shelf: Option<String>,
        count: u32,
        tags: BTreeSet<String>,
    }
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let old = desk.get(OldTicket::key(1)).send().await.unwrap().unwrap();
    let changed = OldTicket { team: "red".into(), shelf: None, tags: BTreeSet::new(), count: 8, ..old };
    let new = desk.save(&changed).return_new().send().await.unwrap();
    assert_eq!(new, changed);
    let whole = Ticket { team: "red".into(), shelf: None, tags: BTreeSet::new(), count: 8, ..ticket(1) };
    assert_eq!(stored(&desk, 1).await, whole);
    assert_eq!(desk.query(Ticket::by_team("red")).try_collect().await.unwrap(), [whole]);
    assert_eq!(desk.query(Ticket::by_shelf("top")).try_collect().await.unwrap(), []);
    assert_eq!(of_owner(&desk, "ada").await, [(State::Open, 5)], "an index that it does not know");

    // A part of an index key that is absent leaves no half of it.
    desk.save(&Ticket { owner: None, ..ticket(1) }).send().await.unwrap();
    assert_eq!(key_attributes(&desk, 1).await, ["team_pk", "team_sk", "shelf"]);

    let absent = desk.save(&ticket(2)).send().await;
    assert!(matches!(absent, Err(Error::ConditionFailed(_))), "{absent:?}");
}

#[tokio::test]
async fn an_item_of_another_entity_is_not_written_over() {
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "PROFILE")]
    struct Robot {
        customer_id: String,
        name: String,
    }
    let shop = shop().await;
    let customer = Customer { customer_id: "c-1".into(), name: "Ada".into() };
    let robot = Robot { customer_id: "c-1".into(), name: "R2".into() };
    shop.put(&customer).send().await.unwrap();
    let refused = [
        shop.put(&robot).send().await,
        shop.create(&robot).send().await,
        shop.replace(&robot).send().await,
        shop.save(&robot).send().await,
        shop.update(Robot::key("c-1")).apply(Robot::NAME.set("R2")).send().await,
        shop.upsert(Robot::key("c-1")).apply(Robot::NAME.set("R2")).send().await,
        shop.delete(Robot::key("c-1")).send().await,
        shop.delete(Robot::key("c-1")).condition(Robot::NAME.exists()).send().await,
        shop.delete(Robot::key("c-1")).transactional().send().await,
    ];
    for refused in refused {
        let Err(Error::ConditionFailed(failed)) = refused else { panic!("{refused:?}") };
        assert_eq!(failed.current::<Customer>().unwrap().unwrap(), customer);
    }
    assert_eq!(shop.get(Customer::key("c-1")).send().await.unwrap(), Some(customer.clone()));
    // An item that does not say what it is, is what its key says.
    let mut item = dynamap::entity::to_item(&customer).unwrap();
    item.remove("entity_type");
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    shop.put(&robot).send().await.unwrap();
    shop.put(&customer).overwrite_other_entities().send().await.unwrap();
    assert_eq!(shop.get(Customer::key("c-1")).send().await.unwrap(), Some(customer));
    shop.delete(Robot::key("c-1")).overwrite_other_entities().send().await.unwrap();
    assert_eq!(shop.get(Customer::key("c-1")).send().await.unwrap(), None);
}

#[tokio::test]
async fn an_expired_item_is_absent_to_updates() {
    let shop = shop().await;
    let session =
        |expires| Session { customer_id: "c-1".into(), token: "t".into(), expires_at: EpochSeconds(expires) };
    shop.put(&session(1)).send().await.unwrap();
    let key = || Session::key("c-1", "t");
    let later = || Session::EXPIRES_AT.set(EpochSeconds(i64::from(u32::MAX)));
    for refused in [shop.update(key()).apply(later()).send().await, shop.save(&session(2)).send().await] {
        assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    }
    shop.put(&session(i64::from(u32::MAX) - 1)).send().await.unwrap();
    shop.update(key()).apply(later()).send().await.unwrap();
    assert_eq!(shop.get(key()).send().await.unwrap(), Some(session(i64::from(u32::MAX))));
}

#[tokio::test]
async fn an_update_in_memory_moves_index_keys_as_well() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let update = Ticket::TEAM
        .set("red")
        .and(Ticket::set_owner_and_state_and_since(None, State::Done, 8))
        .and(Ticket::COUNT.set(Ticket::COUNT + 41));
    let expected = update.apply_to(&dynamap::entity::to_item(&ticket(1)).unwrap()).unwrap();
    desk.update(Ticket::key(1)).apply(update).send().await.unwrap();
    let item = desk.get(Ticket::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert_eq!(item, expected);
    assert_eq!(dynamap::entity::from_item::<Ticket>(expected).unwrap(), stored(&desk, 1).await);
}

/// The engine takes nested paths in `ADD` and `DELETE`, and memory computes the same.
#[tokio::test]
async fn numbers_and_sets_inside_attributes_are_added_to() {
    let desk = desk().await;
    desk.create(&ticket(1)).send().await.unwrap();
    let before = stored(&desk, 1).await;
    let update =
        Ticket::PLACE.field(Place::ROOM).add_nested(2_u32).and(Ticket::NOTES.key("new").add_nested(5_u32));
    let expected = update.apply_to(&dynamap::entity::to_item(&before).unwrap()).unwrap();
    desk.update(Ticket::key(1)).apply(update).send().await.unwrap();
    let after = stored(&desk, 1).await;
    assert_eq!((after.place.room, after.notes["new"]), (before.place.room + 2, 5));
    assert_eq!(dynamap::entity::from_item::<Ticket>(expected).unwrap(), after);
}

#[tokio::test]
async fn members_of_a_set_inside_an_attribute_are_deleted() {
    #[derive(Debug, Clone, PartialEq, Attribute)]
    struct Labels {
        #[dynamap(default)]
        names: BTreeSet<String>,
    }
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Desk, pk = "BOX#{id}")]
    struct Parcel {
        id: u32,
        labels: Labels,
    }
    let desk = desk().await;
    let parcel = Parcel { id: 1, labels: Labels { names: ["a", "b"].map(String::from).into() } };
    desk.create(&parcel).send().await.unwrap();
    let names = || Parcel::LABELS.field(Labels::NAMES);
    for (gone, left) in [(["b"], 1), (["a"], 0)] {
        let update = names().delete_nested(gone);
        let before = desk.get(Parcel::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap();
        let expected = update.apply_to(&before).unwrap();
        desk.update(Parcel::key(1)).apply(update).send().await.unwrap();
        let after = desk.get(Parcel::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap();
        assert_eq!(after, expected);
        assert_eq!(desk.get(Parcel::key(1)).send().await.unwrap().unwrap().labels.names.len(), left);
    }
    desk.update(Parcel::key(1)).apply(names().add_nested(["c"])).send().await.unwrap();
    assert_eq!(desk.get(Parcel::key(1)).send().await.unwrap().unwrap().labels.names.len(), 1);
}
