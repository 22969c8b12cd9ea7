//! What projections, keys and batches ask for.

use crate::model::{Counter, Order, OrderNote, Status, sent, tables};
use dynamap::{Attribute, Entity, Index, ItemCollection, Projection, Table, TableSchema};
use dynamap_local::{Local, Requests};
use expect_test::expect;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByDay, ByPlace))]
struct Depot;

#[derive(Index)]
#[dynamap(table = Depot, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
struct ByDay;

#[derive(Index)]
#[dynamap(table = Depot, name = "gsi2", partition_key = "gsi2pk", projection = include("ship_to", "place", "name"))]
struct ByPlace;

#[derive(Debug, Entity)]
#[dynamap(table = Depot, pk = "PARCEL#{number}", sk = "PARCEL")]
#[dynamap(index = ByDay, pk = "DAY#{day}")]
#[dynamap(index = ByPlace, pk = "PLACE#{place}")]
struct Parcel {
    number: u32,
    day: u32,
    place: String,
    ship_to: Address,
}

#[derive(Debug, Entity)]
#[dynamap(table = Depot, pk = "PLACE#{place}", sk = "PLACE")]
#[dynamap(index = ByPlace, pk = "PLACE#{place}")]
struct Place {
    #[dynamap(key_only)]
    place: String,
    name: String,
}

#[derive(Debug, Attribute)]
struct Address {
    street: String,
    city: String,
    contact: Option<Contact>,
}

#[derive(Debug, Attribute)]
struct Contact {
    name: String,
    phone: Option<String>,
}

#[derive(Debug, Projection)]
#[dynamap(of = Contact)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct ContactName {
    name: String,
}

#[derive(Debug, Projection)]
#[dynamap(of = Address)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct Recipient {
    city: String,
    #[dynamap(nested)]
    contact: Option<ContactName>,
}

#[derive(Debug, Projection)]
#[dynamap(entity = Parcel, index = ByPlace)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct Label {
    place: String,
    #[dynamap(nested)]
    ship_to: Recipient,
}

#[derive(Debug, Projection)]
#[dynamap(entity = Parcel, index = ByPlace)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct WholeAddress {
    ship_to: Address,
}

#[derive(Debug, Projection)]
#[dynamap(entity = Place, index = ByPlace)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct PlaceName {
    name: String,
}

#[derive(Debug, ItemCollection)]
#[dynamap(index = ByPlace)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct Notes {
    place: PlaceName,
    labels: Vec<Label>,
}

async fn depot() -> (Table<Depot>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let depot = Table::new(local.client(), "depot");
    depot.create_table_if_absent().send().await.unwrap();
    requests.clear();
    (depot, requests)
}

#[tokio::test]
async fn get_of_nested_parts() {
    let (depot, requests) = depot().await;
    depot.get(Parcel::key(7)).project::<Label>().send().await.unwrap();
    expect![[r##"
        GetItem {
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "expires_at",
            "#n2": "pk",
            "#n3": "place",
            "#n4": "ship_to",
            "#n5": "city",
            "#n6": "contact",
            "#n7": "name"
          },
          "Key": {
            "pk": {
              "S": "PARCEL#0000000007"
            },
            "sk": {
              "S": "PARCEL"
            }
          },
          "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4.#n5, #n4.#n6.#n7",
          "TableName": "depot"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn get_of_a_table_without_entity_type() {
    #[derive(Debug, Projection)]
    #[dynamap(entity = Counter)]
    #[expect(dead_code, reason = "only what is asked for matters here")]
    struct Count {
        count: u64,
    }
    let (shop, counters, requests) = tables().await;
    counters.get(Counter::key(7)).project::<Count>().consistent_read().send().await.unwrap();
    shop.get(Order::key("c-1", 2024, 7)).project::<OrderNote>().send().await.unwrap();
    expect![[r##"
        GetItem {
          "ConsistentRead": true,
          "ExpressionAttributeNames": {
            "#n0": "count",
            "#n1": "id"
          },
          "Key": {
            "id": {
              "N": "7"
            }
          },
          "ProjectionExpression": "#n0, #n1",
          "TableName": "counters"
        }
        GetItem {
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "expires_at",
            "#n2": "note",
            "#n3": "pk"
          },
          "Key": {
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            }
          },
          "ProjectionExpression": "#n0, #n1, #n2, #n3",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn query_of_nested_parts_in_an_index() {
    let (depot, requests) = depot().await;
    depot.query(Parcel::by_place("a")).project::<Label>().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi2pk",
            "#n1": "pk",
            "#n2": "place",
            "#n3": "ship_to",
            "#n4": "city",
            "#n5": "contact",
            "#n6": "name",
            "#n7": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "PLACE#a"
            }
          },
          "IndexName": "gsi2",
          "KeyConditionExpression": "#n0 = :v0",
          "ProjectionExpression": "#n0, #n1, #n2, #n3.#n4, #n3.#n5.#n6, #n7",
          "TableName": "depot"
        }
    "##]]
    .assert_eq(&sent(&requests));
    // The whole attribute: its parts are not asked for once more.
    depot.query(Parcel::by_place("a")).project::<WholeAddress>().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi2pk",
            "#n1": "pk",
            "#n2": "ship_to",
            "#n3": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "PLACE#a"
            }
          },
          "IndexName": "gsi2",
          "KeyConditionExpression": "#n0 = :v0",
          "ProjectionExpression": "#n0, #n1, #n2, #n3",
          "TableName": "depot"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn a_collection_asks_for_what_its_members_need() {
    let (depot, requests) = depot().await;
    assert!(depot.query(Notes::by_place("a")).assemble().await.is_err(), "there is no place");
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi2pk",
            "#n1": "name",
            "#n2": "pk",
            "#n3": "place",
            "#n4": "ship_to",
            "#n5": "city",
            "#n6": "contact",
            "#n7": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "PLACE#a"
            }
          },
          "IndexName": "gsi2",
          "KeyConditionExpression": "#n0 = :v0",
          "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4.#n5, #n4.#n6.#n1, #n7",
          "TableName": "depot"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn keys() {
    let (depot, requests) = depot().await;
    depot.query(Parcel::by_day(3)).keys().limit(5).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi1pk",
            "#n1": "pk",
            "#n2": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "DAY#0000000003"
            }
          },
          "IndexName": "gsi1",
          "KeyConditionExpression": "#n0 = :v0",
          "Limit": 5,
          "ProjectionExpression": "#n0, #n1, #n2",
          "TableName": "depot"
        }
    "##]]
    .assert_eq(&sent(&requests));
    let (shop, _, requests) = tables().await;
    shop.scan::<Order>().keys().send().await.unwrap();
    expect![[r##"
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "expires_at",
            "#n2": "pk",
            "#n3": "sk"
          },
          "ProjectionExpression": "#n0, #n1, #n2, #n3",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn hydrate() {
    let (shop, _, requests) = tables().await;
    for number in [7, 8] {
        let order = Order { number, ..crate::model::order() };
        shop.put(&order).send().await.unwrap();
    }
    requests.clear();
    let open = shop.query(Order::by_status(Status::Open)).hydrate().consistent_read();
    assert_eq!(open.try_collect().await.unwrap().len(), 2);
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi1pk",
            "#n1": "gsi1sk",
            "#n2": "pk",
            "#n3": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "STATUS#Open"
            }
          },
          "IndexName": "gsi1",
          "KeyConditionExpression": "#n0 = :v0",
          "ProjectionExpression": "#n0, #n1, #n2, #n3",
          "TableName": "shop"
        }
        BatchGetItem {
          "RequestItems": {
            "shop": {
              "ConsistentRead": true,
              "Keys": [
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000007"
                  }
                },
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000008"
                  }
                }
              ]
            }
          }
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn batch_get_asks_for_a_key_once() {
    let (shop, _, requests) = tables().await;
    let orders = shop.repository::<Order>();
    let keys = [7, 8, 7].map(|number| Order::key("c-1", 2024, number));
    orders.batch_get(keys).send().await.unwrap();
    expect![[r#"
        BatchGetItem {
          "RequestItems": {
            "shop": {
              "Keys": [
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000007"
                  }
                },
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000008"
                  }
                }
              ]
            }
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
}
