use crate::model::sent;
use dynamap::{Entity, Projection, Table, TableSchema, VectorIndex, capacity::Meter, value::Vector};
use dynamap_local::{Local, Requests};
use expect_test::expect;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByMeaning, ByPlace))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-meaning", vector = "meaning", dimensions = 3, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang", number("year")))]
struct ByMeaning;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-place", vector = "place", dimensions = 2, distance = euclidean)]
#[dynamap(inline_filters("entity_type"), projection = include("title"))]
struct ByPlace;

#[derive(Debug, Entity)]
#[dynamap(table = Library, pk = "DOC#{id}")]
#[dynamap(vector_index = ByMeaning, vector = meaning, pk = "TENANT#{tenant}", inline_filters(lang, year))]
#[dynamap(vector_index = ByPlace, vector = place)]
struct Doc {
    id: u32,
    tenant: Option<String>,
    title: String,
    lang: String,
    year: u16,
    meaning: Vector<3>,
    place: Option<Vector<2>>,
}

#[derive(Debug, Projection)]
#[dynamap(entity = Doc, index = ByPlace)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct Title {
    title: String,
}

async fn library() -> (Table<Library>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let library = Table::<Library>::new(local.client(), "library");
    library.create_table_if_absent().send().await.unwrap();
    (library, requests)
}

#[tokio::test]
async fn create_table_with_vector_indexes() {
    let (library, requests) = library().await;
    let created = sent(&requests).split("CreateTable ").nth(1).unwrap().to_owned();
    let created = created.split("DescribeTable").next().unwrap().to_owned();
    expect![[r#"
        {
          "AttributeDefinitions": [
            {
              "AttributeName": "pk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "vec1pk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "lang",
              "AttributeType": "S"
            },
            {
              "AttributeName": "year",
              "AttributeType": "N"
            },
            {
              "AttributeName": "entity_type",
              "AttributeType": "S"
            }
          ],
          "BillingMode": "PAY_PER_REQUEST",
          "KeySchema": [
            {
              "AttributeName": "pk",
              "KeyType": "HASH"
            }
          ],
          "TableName": "library",
          "VectorIndexes": [
            {
              "Dimensions": 3,
              "DistanceFunction": "COSINE",
              "IndexName": "by-meaning",
              "Projection": {
                "ProjectionType": "ALL"
              },
              "SearchSchema": [
                {
                  "AttributeName": "vec1pk",
                  "SearchSchemaElementType": "HASH"
                },
                {
                  "AttributeName": "lang",
                  "SearchSchemaElementType": "INLINE_FILTER"
                },
                {
                  "AttributeName": "year",
                  "SearchSchemaElementType": "INLINE_FILTER"
                }
              ],
              "VectorAttribute": {
                "AttributeName": "meaning"
              }
            },
            {
              "Dimensions": 2,
              "DistanceFunction": "EUCLIDEAN",
              "IndexName": "by-place",
              "Projection": {
                "NonKeyAttributes": [
                  "title"
                ],
                "ProjectionType": "INCLUDE"
              },
              "SearchSchema": [
                {
                  "AttributeName": "entity_type",
                  "SearchSchemaElementType": "INLINE_FILTER"
                }
              ],
              "VectorAttribute": {
                "AttributeName": "place"
              }
            }
          ]
        }
    "#]]
    .assert_eq(&created);
    let explained = library.create_table_if_absent().explain();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(json(&explained.request_json()), json(&created));
}

#[tokio::test]
async fn put_and_update_with_a_vector() {
    let (library, requests) = library().await;
    let doc = Doc {
        id: 7,
        tenant: Some("acme".into()),
        title: "Space opera".into(),
        lang: "fi".into(),
        year: 2026,
        meaning: Vector::new([0.1, -2.0, 1e-10]).unwrap(),
        place: None,
    };
    requests.clear();
    library.put(&doc).send().await.unwrap();
    let moved = Doc::TENANT.set("other").and(Doc::PLACE.set(Vector::new([0.5, 0.25]).unwrap()));
    library.update(doc.to_key()).apply(moved).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_not_exists(#n0) OR #n0 = :v0",
          "ExpressionAttributeNames": {
            "#n0": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Doc"
            }
          },
          "Item": {
            "entity_type": {
              "S": "Doc"
            },
            "id": {
              "N": "7"
            },
            "lang": {
              "S": "fi"
            },
            "meaning": {
              "L": [
                {
                  "N": "0.1"
                },
                {
                  "N": "-2"
                },
                {
                  "N": "1e-10"
                }
              ]
            },
            "pk": {
              "S": "DOC#0000000007"
            },
            "tenant": {
              "S": "acme"
            },
            "title": {
              "S": "Space opera"
            },
            "vec1pk": {
              "S": "TENANT#acme"
            },
            "year": {
              "N": "2026"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "library"
        }
        UpdateItem {
          "ConditionExpression": "attribute_exists(#n3) AND (attribute_not_exists(#n4) OR #n4 = :v3)",
          "ExpressionAttributeNames": {
            "#n0": "tenant",
            "#n1": "place",
            "#n2": "vec1pk",
            "#n3": "pk",
            "#n4": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "other"
            },
            ":v1": {
              "L": [
                {
                  "N": "0.5"
                },
                {
                  "N": "0.25"
                }
              ]
            },
            ":v2": {
              "S": "TENANT#other"
            },
            ":v3": {
              "S": "Doc"
            }
          },
          "Key": {
            "pk": {
              "S": "DOC#0000000007"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "library",
          "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn search() {
    let (library, requests) = library().await;
    let meaning = Vector::new([0.1, -2.0, 1e-10]).unwrap();
    requests.clear();
    library.search(Doc::by_meaning("acme", &meaning)).send().await.unwrap();
    expect![[r##"
        SearchVectors {
          "ExpressionAttributeNames": {
            "#n0": "vec1pk",
            "#n1": "entity_type",
            "#n2": "id",
            "#n3": "lang",
            "#n4": "meaning",
            "#n5": "pk",
            "#n6": "place",
            "#n7": "tenant",
            "#n8": "title",
            "#n9": "year"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "TENANT#acme"
            }
          },
          "IndexName": "by-meaning",
          "ProjectionExpression": "#n1, #n2, #n3, #n4, #n5, #n6, #n7, #n8, #n0, #n9",
          "SearchConditionExpression": "#n0 = :v0",
          "SearchVector": [
            {
              "N": "0.1"
            },
            {
              "N": "-2"
            },
            {
              "N": "1e-10"
            }
          ],
          "TableName": "library",
          "TopK": 10
        }
    "##]]
    .assert_eq(&sent(&requests));
    let filtered =
        || library.search(Doc::by_meaning("acme", &meaning).year(2026).lang("fi")).top_k(100).keys();
    filtered().meter(&Meter::new()).send().await.unwrap();
    let text = sent(&requests);
    expect![[r##"
        SearchVectors {
          "ExpressionAttributeNames": {
            "#n0": "vec1pk",
            "#n1": "year",
            "#n2": "lang",
            "#n3": "entity_type",
            "#n4": "pk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "TENANT#acme"
            },
            ":v1": {
              "N": "2026"
            },
            ":v2": {
              "S": "fi"
            }
          },
          "IndexName": "by-meaning",
          "ProjectionExpression": "#n3, #n4",
          "ReturnConsumedCapacity": "INDEXES",
          "SearchConditionExpression": "#n0 = :v0 AND #n1 = :v1 AND #n2 = :v2",
          "SearchVector": [
            {
              "N": "0.1"
            },
            {
              "N": "-2"
            },
            {
              "N": "1e-10"
            }
          ],
          "TableName": "library",
          "TopK": 100
        }
    "##]]
    .assert_eq(&text);
    let explained = filtered().meter(&Meter::new()).explain().unwrap();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(json(&explained.request_json()), json(text.trim_start_matches("SearchVectors ")));
    let place = Vector::new([60.17, 24.94]).unwrap();
    library.search(Doc::by_place(&place)).project::<Title>().top_k(1).send().await.unwrap();
    expect![[r##"
        SearchVectors {
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "pk",
            "#n2": "title"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Doc"
            }
          },
          "IndexName": "by-place",
          "ProjectionExpression": "#n0, #n1, #n2",
          "SearchConditionExpression": "#n0 = :v0",
          "SearchVector": [
            {
              "N": "60.17"
            },
            {
              "N": "24.94"
            }
          ],
          "TableName": "library",
          "TopK": 1
        }
    "##]]
    .assert_eq(&sent(&requests));
}
