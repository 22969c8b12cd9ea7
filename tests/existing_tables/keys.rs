//! Keys that dynamap would not make: other separators, the keys of the table reversed in an index, plain attributes as the
//! keys of indexes, sparse ones, and several attributes.

use crate::{MAPPINGS, empty, item, table, unchanged};
use dynamap::{Entity, Index, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", entity_type = none)]
#[dynamap(indexes(Reversed, ByCity, ByAmount, ByPlace), entities(Member, Team))]
struct Club;

/// The keys of the table, the other way round.
#[derive(Index)]
#[dynamap(table = Club, name = "GSI1", partition_key = "SK", sort_key = "PK")]
struct Reversed;

/// Plain attributes, of which not all items have the first.
#[derive(Index)]
#[dynamap(table = Club, name = "city-index", partition_key = "city", sort_key = "joined")]
struct ByCity;

/// A sort key that is a number, and no partition of one's own.
#[derive(Index)]
#[dynamap(table = Club, name = "amount-index", local, sort_key = number("amount"))]
struct ByAmount;

#[derive(Index)]
#[dynamap(table = Club, name = "place-index", partition_key = ["country", "city"], sort_key = ["joined", number("amount")])]
struct ByPlace;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Club, pk = "team|{team}", sk = "user:{user}")]
#[dynamap(index = Reversed, pk = "user:{user}", sk = "team|{team}")]
#[dynamap(index = ByCity, pk = city, sk = joined)]
#[dynamap(index = ByAmount, sk = amount)]
#[dynamap(index = ByPlace, pk = [country, city], sk = [joined, amount])]
struct Member {
    #[dynamap(key_only, plain)]
    team: u32,
    #[dynamap(key_only, plain)]
    user: u32,
    joined: String,
    country: String,
    city: Option<String>,
    amount: u64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Club, pk = "team|{team}", sk = "info")]
#[dynamap(index = Reversed, pk = "info", sk = "team|{team}")]
struct Team {
    #[dynamap(key_only, plain)]
    team: u32,
    name: String,
}

const MEMBER: &str = r##"{"PK":{"S":"team|12"},"SK":{"S":"user:7"},"joined":{"S":"2026-11-30"},"country":{"S":"NO"},
    "city":{"S":"Oslo"},"amount":{"N":"990"}}"##;

#[tokio::test]
async fn an_item_is_read_and_written_again() {
    let member: Member = unchanged(&item(MEMBER)).await;
    assert_eq!((member.team, member.user), (12, 7));
    let mut without = item(MEMBER);
    without.remove("city");
    let member: Member = unchanged(&without).await;
    assert_eq!(member.city, None);
    let team: Team = unchanged(&item(r#"{"PK":{"S":"team|12"},"SK":{"S":"info"},"name":{"S":"A"}}"#)).await;
    assert_eq!((team.team, &*team.name), (12, "A"));
}

#[tokio::test]
async fn an_item_is_found_in_each_index() {
    for mapping in MAPPINGS {
        let club = table::<Club>(mapping, &item(MEMBER)).await;
        club.put(&Team { team: 12, name: "A".into() }).await.unwrap();
        let member = club.get(Member::key(12, 7)).await.unwrap().unwrap();
        let found = club.query(Member::reversed(7)).try_collect().await.unwrap();
        assert_eq!(found, std::slice::from_ref(&member));
        assert_eq!(club.query(Team::reversed()).try_collect().await.unwrap()[0].name, "A");
        let found =
            club.query(Member::by_city("Oslo").joined("2026-11"..="2026-12")).try_collect().await.unwrap();
        assert_eq!(found, std::slice::from_ref(&member));
        let found = club.query(Member::by_amount(12).amount(900..)).try_collect().await.unwrap();
        assert_eq!(found, std::slice::from_ref(&member));
        let place = || Member::by_place("NO", "Oslo").joined("2026-11-30");
        assert_eq!(club.query(place().amount(990)).count().await.unwrap(), 1);
        // Without a city it is in neither index of it.
        club.update(&member).apply(Member::CITY.remove()).await.unwrap();
        assert_eq!(club.query(Member::by_city("Oslo")).count().await.unwrap(), 0);
        assert_eq!(club.query(place()).count().await.unwrap(), 0);
        assert_eq!(club.query(Member::reversed(7)).count().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_query_of_the_one_entity_passes_over_the_other() {
    for mapping in MAPPINGS {
        let club = empty::<Club>(mapping).await;
        club.put(&Team { team: 12, name: "A".into() }).await.unwrap();
        let member = |user| Member {
            team: 12,
            user,
            joined: "2026".into(),
            country: "NO".into(),
            city: None,
            amount: 1,
        };
        for user in [1, 2] {
            club.put(&member(user)).await.unwrap();
        }
        assert_eq!(club.query(Member::partition(12)).try_collect().await.unwrap(), [member(1), member(2)]);
        assert_eq!(club.query(Team::partition(12)).try_collect().await.unwrap().len(), 1);
    }
}
