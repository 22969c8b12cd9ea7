//! Pages with sealed cursors.

mod binding;
mod hostile;
mod information;
mod keys;
mod range;
mod walk;

use crate::MAPPING;
use dynamap::cursor::{CursorKey, CursorSealer};
use dynamap::error::{CursorError, CursorRefusal};
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error, Index, ItemCollection, Projection, Table, TableSchema};
use dynamap_local::{Local, Requests};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByColour, ByWeight))]
struct Lists;

/// Many things have the same key in it.
#[derive(Index)]
#[dynamap(table = Lists, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByColour;

/// Orders the things of a list by a number that many of them share.
#[derive(Index)]
#[dynamap(table = Lists, name = "lsi1", local, sort_key = number("weight"))]
struct ByWeight;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Lists, pk = "LIST#{list}", sk = "{shelf}#{number}")]
#[dynamap(index = ByColour, pk = "COLOUR#{colour}", sk = "{weight}")]
#[dynamap(index = ByWeight, sk = weight)]
struct Thing {
    list: u8,
    shelf: u8,
    number: u32,
    colour: u8,
    weight: u8,
    #[dynamap(ttl)]
    expires_at: EpochSeconds,
}

/// Stands between the things of a list, and is passed over.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Lists, pk = "LIST#{list}", sk = "{shelf}#{number}#NOTE")]
struct Note {
    list: u8,
    shelf: u8,
    number: u32,
}

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Thing)]
struct Weight {
    weight: u8,
    #[dynamap(key)]
    number: u32,
}

#[derive(Debug, Clone, PartialEq, ItemCollection)]
enum ListItem {
    Thing(Thing),
    Note(Note),
}

/// Later than any test runs.
const LATER: EpochSeconds = EpochSeconds(4_000_000_000);

fn thing(list: u8, shelf: u8, number: u32) -> Thing {
    let weight = (number % 3) as u8;
    Thing { list, shelf, number, colour: 1, weight, expires_at: LATER }
}

async fn lists() -> (Table<Lists>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let lists = Table::new(local.client(), "lists").with_mapping(MAPPING);
    lists.create_table_if_absent().send().await.unwrap();
    (lists, requests)
}

/// The things 0 to `count` of list 1, on two shelves.
async fn stocked(count: u32) -> (Table<Lists>, Requests) {
    let (lists, requests) = lists().await;
    let things = (0..count).map(|number| thing(1, (number % 2) as u8, number / 2));
    lists.repository::<Thing>().batch_write().put_all(things).send().await.unwrap();
    requests.clear();
    (lists, requests)
}

/// A sealer with a key that is known.
fn sealer() -> CursorSealer {
    CursorSealer::new(CursorKey::from_bytes([7; 32]))
}

#[track_caller]
fn assert_refused<T>(page: dynamap::Result<T>, reason: CursorRefusal) {
    match page {
        Err(error @ Error::Cursor(CursorError::Refused(refusal))) => {
            assert_eq!(refusal, reason);
            assert_eq!(CursorError::Refused(refusal).to_string(), "the cursor cannot be used");
            assert!(!format!("{error}").contains("LIST"), "{error}");
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it is accepted"),
    }
}
