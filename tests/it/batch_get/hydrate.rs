use super::found;
use crate::MAPPING;
use dynamap::batch::{Absence, Fetched};
use dynamap::error::ExpressionErrorKind;
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error, Index, Repository, Table, TableSchema};
use dynamap_local::{Local, Request, SharedTransport, Transport, TransportFuture};
use std::sync::{Arc, Mutex};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = number("seat"), ttl = "expires_at", indexes(ByGuest))]
struct Theatre;

/// Holds keys only: neither what an item is nor when it expires.
#[derive(Index)]
#[dynamap(table = Theatre, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk", projection = keys_only)]
struct ByGuest;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Theatre, pk = "SHOW#{show}", sk = seat)]
#[dynamap(index = ByGuest, pk = "GUEST#{guest}", sk = "{show}#{seat}", returns_expired)]
struct Booking {
    show: String,
    seat: u32,
    guest: String,
    price: u32,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Theatre, pk = "INVOICE#{number}", sk = seat)]
#[dynamap(index = ByGuest, pk = "GUEST#{guest}", sk = "invoice")]
struct Invoice {
    number: u32,
    seat: u32,
    guest: String,
}

fn booking(show: &str, seat: u32) -> Booking {
    Booking { show: show.into(), seat, guest: "g-1".into(), price: seat * 10, expires_at: None }
}

/// Two shows of which one guest has ten seats each, and an invoice.
async fn booked() -> (Table<Theatre>, Repository<Booking>) {
    let theatre = Table::<Theatre>::new(Local::memory().unwrap().client(), "theatre").with_mapping(MAPPING);
    theatre.create_table_if_absent().send().await.unwrap();
    for show in ["a", "b"] {
        for seat in 1..=10 {
            theatre.put(&booking(show, seat)).send().await.unwrap();
        }
    }
    theatre.put(&Invoice { number: 1, seat: 1, guest: "g-1".into() }).send().await.unwrap();
    let bookings = theatre.repository();
    (theatre, bookings)
}

#[tokio::test]
async fn an_index_of_keys_gives_keys() {
    let (theatre, bookings) = booked().await;
    let query = || bookings.query(Booking::by_guest("g-1"));
    let page = query().keys().limit(3).send().await.unwrap();
    assert_eq!(page.items, [1, 2, 3].map(|seat| Booking::key("a", seat)));
    let next = query().keys().limit(8).start_after(page.cursor.unwrap()).descending();
    assert!(next.send().await.is_err(), "the cursor is of the other direction");

    let mut keys = query().keys().page_size(4).items();
    let mut all = Vec::new();
    while let Some(key) = keys.next().await {
        all.push(key.unwrap());
    }
    assert_eq!(all.len(), 20);
    assert_eq!(keys.skipped(), 1);
    assert_eq!(query().keys().try_collect().await.unwrap(), all);
    assert_eq!(query().keys().descending().limit(1).try_collect().await.unwrap(), [Booking::key("b", 10)]);

    let scanned = bookings.scan().index::<ByGuest>().keys().try_collect().await.unwrap();
    assert_eq!(scanned.len(), 20);
    let of_table = theatre.query(Booking::partition("a").seat(9..)).keys().consistent_read();
    assert_eq!(of_table.try_collect().await.unwrap(), [9, 10].map(|seat| Booking::key("a", seat)));
}

#[tokio::test]
async fn entities_are_read_by_the_keys_of_an_index() {
    let (_, bookings) = booked().await;
    let query = || bookings.query(Booking::by_guest("g-1"));
    let expected: Vec<Booking> =
        ["a", "b"].iter().flat_map(|show| (1..=10).map(|seat| booking(show, seat))).collect();
    let all = query().hydrate().consistent_read().try_collect().await.unwrap();
    assert_eq!(found(all), expected);
    let scanned = bookings.scan().index::<ByGuest>().hydrate().try_collect().await.unwrap();
    assert_eq!(found(scanned).len(), 20);

    let page = query().descending().limit(12).hydrate().send().await.unwrap();
    let mut down = expected.clone();
    down.reverse();
    assert_eq!((found(page.items), page.skipped), (down[..12].to_vec(), 1));
    let rest = query().descending().start_after(page.cursor.unwrap()).hydrate().send().await.unwrap();
    assert_eq!(found(rest.items), down[12..]);
}

/// Notes each query, and the number of keys of each batch get.
#[derive(Debug)]
struct Noting {
    next: SharedTransport,
    requests: Arc<Mutex<Vec<usize>>>,
}

impl Transport for Noting {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let keys = String::from_utf8_lossy(&request.body).matches(r#""pk""#).count();
        self.requests.lock().unwrap().push(if request.operation == "Query" { 0 } else { keys });
        self.next.call(request)
    }
}

#[tokio::test]
async fn entities_are_read_beside_the_next_keys_in_full_requests() {
    let local = Local::memory().unwrap();
    let requests = Arc::<Mutex<Vec<usize>>>::default();
    let noted = requests.clone();
    let noting = local.wrap(|next: SharedTransport| Noting { next, requests: noted });
    let theatre = Table::<Theatre>::new(noting.client(), "theatre").with_mapping(MAPPING);
    theatre.create_table_if_absent().send().await.unwrap();
    let all: Vec<Booking> = (1..=270).map(|seat| booking("a", seat)).collect();
    theatre.batch_write().put_all(&all).send().await.unwrap();
    for (limit, expected) in [
        // A query is 0. The entities of the first full hundreds are read while the third page of keys is.
        (None, vec![0, 0, 100, 0, 100, 70]),
        (Some(240), vec![0, 0, 100, 100, 40]),
        (Some(10), vec![0, 10]),
        (Some(0), vec![]),
    ] {
        requests.lock().unwrap().clear();
        let query = theatre.query(Booking::by_guest("g-1")).page_size(120);
        let query = if let Some(limit) = limit { query.limit(limit) } else { query };
        let found: Vec<Booking> = found(query.hydrate().try_collect().await.unwrap());
        assert_eq!(found, all[..limit.unwrap_or(270)]);
        assert_eq!(*requests.lock().unwrap(), expected, "{limit:?}");
    }
}

#[tokio::test]
async fn a_page_of_keys_can_be_read_later() {
    let (_, bookings) = booked().await;
    let page = bookings.query(Booking::by_guest("g-1")).keys().limit(2).send().await.unwrap();
    bookings.delete(Booking::key("a", 1)).send().await.unwrap();
    let fetched = bookings.batch_get(page.items).send().await.unwrap();
    let gone = Fetched::Absent { key: Booking::key("a", 1), absence: Absence::NotFound };
    assert_eq!(fetched, [gone, Fetched::Found(booking("a", 2))]);
}

#[tokio::test]
async fn what_the_index_does_not_know_to_be_expired_is_absent() {
    let (_, bookings) = booked().await;
    let expired = Booking { expires_at: Some(EpochSeconds(1)), ..booking("a", 2) };
    bookings.put(&expired).send().await.unwrap();
    let query = || bookings.query(Booking::by_guest("g-1")).limit(3);
    let fetched = query().hydrate().send().await.unwrap().items;
    let absent = Fetched::Absent { key: Booking::key("a", 2), absence: Absence::Expired };
    assert_eq!(fetched[1], absent);
    assert_eq!(found(fetched), [booking("a", 1), booking("a", 3)]);
    let all = query().include_expired().hydrate().try_collect().await.unwrap();
    assert_eq!(found(all), [booking("a", 1), expired, booking("a", 3)]);
}

#[tokio::test]
async fn a_filter_asks_for_what_a_global_index_holds_only() {
    let (theatre, bookings) = booked().await;
    let query = || bookings.query(Booking::by_guest("g-1"));
    let refused = |error: Error| match error {
        Error::Expression(error) => match error.kind() {
            ExpressionErrorKind::NotInIndex { attribute, index } => {
                format!("{attribute} of {index}: {error}")
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    };
    let expected = "price of gsi1: a filter asks for `price`, which the index `gsi1` does not hold";
    let dear = || Booking::SEAT.gt(1) & (Booking::PRICE.gt(50) | Booking::PRICE.not_exists());
    assert_eq!(refused(query().keys().filter(dear()).send().await.unwrap_err()), expected);
    assert_eq!(refused(query().filter(dear()).hydrate().send().await.unwrap_err()), expected);
    let scan = bookings.scan().index::<ByGuest>().keys().filter(dear());
    assert_eq!(refused(scan.into_sdk().err().unwrap()), expected);
    // Keys of the table are in every index, and the table holds everything.
    let few = query().filter(Booking::SEAT.le(2)).keys().try_collect().await.unwrap();
    assert_eq!(few.len(), 4);
    let dear = theatre.scan::<Booking>().filter(dear()).try_collect().await.unwrap();
    assert_eq!(dear.len(), 10);
}
