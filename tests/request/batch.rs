use crate::model::{Counter, Order, order, sent, session, tables};
use dynamap::batch::BatchWrite;
use expect_test::expect;

#[tokio::test]
async fn batch_write() {
    let (shop, counters, requests) = tables().await;
    let batch = shop.batch_write().put(&session()).delete(Order::key("c-1", 2024, 7));
    batch.write_all(vec![BatchWrite::put(order())]).send().await.unwrap();
    expect![[r#"
        BatchWriteItem {
          "RequestItems": {
            "shop": [
              {
                "PutRequest": {
                  "Item": {
                    "entity_type": {
                      "S": "Session"
                    },
                    "expires_at": {
                      "N": "4000000000"
                    },
                    "pk": {
                      "S": "SESSION#t-1"
                    },
                    "sk": {
                      "S": "SESSION"
                    }
                  }
                }
              },
              {
                "PutRequest": {
                  "Item": {
                    "code": {
                      "S": "A-7"
                    },
                    "customer_id": {
                      "S": "c-1"
                    },
                    "entity_type": {
                      "S": "Order"
                    },
                    "gsi1pk": {
                      "S": "STATUS#Open"
                    },
                    "gsi1sk": {
                      "S": "A-7"
                    },
                    "number": {
                      "N": "7"
                    },
                    "pk": {
                      "S": "CUSTOMER#c-1"
                    },
                    "sk": {
                      "S": "ORDER#02024#0000000007"
                    },
                    "status": {
                      "S": "Open"
                    },
                    "total": {
                      "N": "120"
                    },
                    "year": {
                      "N": "2024"
                    }
                  }
                }
              }
            ]
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
    shop.batch_write().put(&session()).delete(Order::key("c-1", 2024, 7)).send().await.unwrap();
    expect![[r#"
        BatchWriteItem {
          "RequestItems": {
            "shop": [
              {
                "PutRequest": {
                  "Item": {
                    "entity_type": {
                      "S": "Session"
                    },
                    "expires_at": {
                      "N": "4000000000"
                    },
                    "pk": {
                      "S": "SESSION#t-1"
                    },
                    "sk": {
                      "S": "SESSION"
                    }
                  }
                }
              },
              {
                "DeleteRequest": {
                  "Key": {
                    "pk": {
                      "S": "CUSTOMER#c-1"
                    },
                    "sk": {
                      "S": "ORDER#02024#0000000007"
                    }
                  }
                }
              }
            ]
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
    let all = [(1, 10), (2, 20)].map(|(id, count)| Counter { id, count });
    counters
        .repository::<Counter>()
        .batch_write()
        .put_all(all)
        .delete(Counter::key(3_u64))
        .send()
        .await
        .unwrap();
    expect![[r#"
        BatchWriteItem {
          "RequestItems": {
            "counters": [
              {
                "PutRequest": {
                  "Item": {
                    "count": {
                      "N": "10"
                    },
                    "id": {
                      "N": "1"
                    }
                  }
                }
              },
              {
                "PutRequest": {
                  "Item": {
                    "count": {
                      "N": "20"
                    },
                    "id": {
                      "N": "2"
                    }
                  }
                }
              },
              {
                "DeleteRequest": {
                  "Key": {
                    "id": {
                      "N": "3"
                    }
                  }
                }
              }
            ]
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn batch_get_mixed() {
    let (shop, _, requests) = tables().await;
    let keys = (
        [Order::key("c-1", 2024, 7)],
        [crate::model::Session::key("t-1"), crate::model::Session::key("t-1")],
    );
    let explained = shop.batch_get_mixed(keys.clone()).consistent_read().explain().unwrap().to_string();
    assert_eq!(explained.matches("\"sk\"").count(), 2, "{explained}");
    shop.batch_get_mixed(keys).consistent_read().send().await.unwrap();
    expect![[r#"
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
                    "S": "SESSION#t-1"
                  },
                  "sk": {
                    "S": "SESSION"
                  }
                }
              ]
            }
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn batches_over_two_tables() {
    let (shop, counters, requests) = tables().await;
    let counted = counters.batch_write().put(&Counter { id: 1, count: 10 });
    let batch = shop.batch_write().put(&session()).and(counted).delete(Order::key("c-1", 2024, 7));
    batch.send().await.unwrap();
    expect![[r#"
        BatchWriteItem {
          "RequestItems": {
            "counters": [
              {
                "PutRequest": {
                  "Item": {
                    "count": {
                      "N": "10"
                    },
                    "id": {
                      "N": "1"
                    }
                  }
                }
              }
            ],
            "shop": [
              {
                "PutRequest": {
                  "Item": {
                    "entity_type": {
                      "S": "Session"
                    },
                    "expires_at": {
                      "N": "4000000000"
                    },
                    "pk": {
                      "S": "SESSION#t-1"
                    },
                    "sk": {
                      "S": "SESSION"
                    }
                  }
                }
              },
              {
                "DeleteRequest": {
                  "Key": {
                    "pk": {
                      "S": "CUSTOMER#c-1"
                    },
                    "sk": {
                      "S": "ORDER#02024#0000000007"
                    }
                  }
                }
              }
            ]
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
    let counted = counters.batch_get([Counter::key(1_u64)]).consistent_read();
    shop.batch_get([Order::key("c-1", 2024, 7)]).and(counted).send().await.unwrap();
    expect![[r#"
        BatchGetItem {
          "RequestItems": {
            "counters": {
              "ConsistentRead": true,
              "Keys": [
                {
                  "id": {
                    "N": "1"
                  }
                }
              ]
            },
            "shop": {
              "Keys": [
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000007"
                  }
                }
              ]
            }
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn parallel_scan() {
    let (_, counters, requests) = tables().await;
    let scan = counters.repository::<Counter>().scan().filter(Counter::COUNT.gt(5)).page_size(50).parallel(2);
    let explained = scan.clone().explain().unwrap().to_string();
    assert!(explained.contains("Segment") && explained.contains("TotalSegments"), "{explained}");
    scan.concurrency(1).try_collect().await.unwrap();
    expect![[r##"
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "count"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "5"
            }
          },
          "FilterExpression": "#n0 > :v0",
          "Limit": 50,
          "Segment": 0,
          "TableName": "counters",
          "TotalSegments": 2
        }
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "count"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "5"
            }
          },
          "FilterExpression": "#n0 > :v0",
          "Limit": 50,
          "Segment": 1,
          "TableName": "counters",
          "TotalSegments": 2
        }
    "##]]
    .assert_eq(&sent(&requests));
}
