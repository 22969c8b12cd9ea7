//! What DynamoDB would refuse, told before any request and by what is wrong.

use crate::MAPPING;
use crate::model::{Order, Shop, order, shop};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::{KeyErrorKind, ServiceErrorKind};
use dynamap::expr::{Condition, Update};
use dynamap::op::ModifyError;
use dynamap::value::Version;
use dynamap::{Entity, Error, Table};
use dynamap_local::Local;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::error::Error as _;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Free {
    named: BTreeMap<String, u8>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "DRAFT#{id}", sk = "DRAFT")]
struct Draft {
    id: u32,
    texts: HashMap<String, Vec<BTreeMap<String, u8>>>,
    #[dynamap(serde)]
    free: Option<Free>,
    #[dynamap(version)]
    version: Version<u64>,
}

fn draft() -> Draft {
    Draft { id: 1, texts: HashMap::new(), free: None, version: Version::NEW }
}

fn a(key: &str) -> BTreeMap<String, u8> {
    BTreeMap::from([(key.to_owned(), 1)])
}

#[tokio::test]
async fn the_key_of_a_map_is_not_empty() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    let mut drafts = [draft(), draft(), draft()];
    drafts[0].texts.insert(String::new(), Vec::new());
    drafts[1].texts.insert("a".into(), vec![a("b"), a("")]);
    drafts[2].free = Some(Free { named: a("") });
    for (draft, path) in drafts.iter_mut().zip(["texts.{key}", "texts.{key}[1].{key}", "free.named.{key}"]) {
        let error = shop.create(draft).send().await.unwrap_err();
        let Error::Encode(error) = error else { panic!("{error:?}") };
        assert_eq!(
            error.to_string(),
            format!("attribute `{path}` of entity `Draft`: the key of a map is empty")
        );
    }
    assert!(requests.take().is_empty());
}

#[tokio::test]
async fn the_name_of_a_table_is_checked() {
    let (local, requests) = Local::memory().unwrap().recording();
    let long = "x".repeat(256);
    for (name, fault) in [
        ("a", "3 to 255 characters"),
        ("ab", "3 to 255 characters"),
        (&*long, "3 to 255 characters"),
        ("a shop", "letters, digits"),
        ("ladentür", "letters, digits"),
        ("shop/1", "letters, digits"),
    ] {
        for prepared in [true, false] {
            let config = local.config();
            let client = match prepared {
                true => dynamap::client(config),
                false => aws_sdk_dynamodb::Client::from_conf(config.build()),
            };
            let shop = Table::<Shop>::new(client, name).with_mapping(MAPPING);
            let one = order("c-1", 2024, 1);
            let key = || Order::key("c-1", 2024, 1);
            let errors = [
                shop.get(key()).send().await.unwrap_err(),
                shop.put(&one).send().await.unwrap_err(),
                shop.update(key()).apply(Order::TOTAL.set(1)).send().await.unwrap_err(),
                shop.delete(key()).send().await.unwrap_err(),
                shop.query(Order::partition("c-1")).send().await.unwrap_err(),
                shop.scan::<Order>().send().await.unwrap_err(),
                shop.batch_get([key()]).send().await.unwrap_err(),
                shop.transact_get((key(), Order::key("c-1", 1, 1))).send().await.unwrap_err(),
                shop.transact_write().put(&one).delete(Order::key("c-1", 1, 1)).send().await.unwrap_err(),
                shop.wait_until_active().send().await.unwrap_err(),
                shop.create_table_if_absent().send().await.unwrap_err(),
            ];
            for error in errors {
                let Error::Service(error) = &error else { panic!("{error:?}") };
                assert_eq!(error.kind(), ServiceErrorKind::NotSent);
                let (start, shown) = ("not sent: the name of a table has ", error.to_string());
                assert!(shown.contains(start) && shown.contains(fault), "{shown}");
            }
            let batch = shop.repository::<Order>().batch_write().put_all([one]).report().await;
            assert!(batch.to_string().contains(fault), "{batch}");
        }
    }
    assert!(requests.take().is_empty());
    for name in ["abc", &long[1..], "A.b-c_9", "arn:aws:dynamodb:eu-north-1:123456789012:table/shop"] {
        let shop = Table::<Shop>::new(local.client(), name).with_mapping(MAPPING);
        let _ = shop.get(Order::key("c-1", 2024, 1)).send().await;
        assert!(!requests.take().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn an_expression_without_anything_says_what_it_lacks() {
    let shop = shop().await;
    let update = || shop.update(Order::key("c-1", 2024, 1));
    let with = |condition: Condition<Order>| update().apply(Order::TOTAL.set(1)).condition(condition);
    for (outcome, shown) in [
        (update().apply(Update::none()).send().await, "the update has no actions"),
        (with(Order::TOTAL.is_in([0; 0])).send().await, "`IN` has no values to compare with"),
        (with(Condition::all([])).send().await, "a condition joins no others"),
    ] {
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::Expression(_)), "{error:?}");
        assert_eq!(error.to_string(), shown);
    }
    let write = shop.transact_write().write(with(Condition::all([]))).delete(Order::key("c-1", 1, 1));
    let error = write.send().await.unwrap_err();
    let shown = "TransactWriteItems, action 0 (Update of `Order`): a condition joins no others";
    assert_eq!(error.to_string(), shown);
    assert_eq!(format!("{error:?}"), format!("InvalidTransaction(InvalidTransaction({shown}))"));
}

#[derive(Debug)]
struct Locked;

impl std::fmt::Display for Locked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the draft is locked")
    }
}

impl std::error::Error for Locked {}

#[tokio::test]
async fn a_change_that_refuses_is_the_source_and_one_that_cannot_leaves_an_error() {
    async fn change(shop: &Table<Shop>, id: u32) -> Result<Draft, Error> {
        let drafts = shop.repository::<Draft>();
        Ok(drafts.modify(Draft::key(id), |_| Ok::<_, Infallible>(())).send().await?)
    }
    let shop = shop().await;
    shop.create(&mut draft()).send().await.unwrap();
    let drafts = shop.repository::<Draft>();
    let refused = drafts.modify(Draft::key(1), |_| Err(Locked)).send().await.unwrap_err();
    assert!(matches!(refused, ModifyError::Refused(Locked)));
    assert_eq!(refused.source().unwrap().to_string(), "the draft is locked");
    assert_eq!(change(&shop, 1).await.unwrap().id, 1);
    let absent = change(&shop, 2).await.unwrap_err();
    let Error::NotFound(absent) = absent else { panic!("{absent:?}") };
    assert_eq!((absent.entity(), absent.table()), ("Draft", "shop"));
    assert_eq!(absent.to_string(), "there is no `Draft` with the key in table `shop`");
    let mut item = dynamap::entity::to_item(&draft()).unwrap();
    item.insert("texts".into(), AttributeValue::Bool(true));
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    assert!(matches!(change(&shop, 1).await, Err(Error::Decode(_))));
}

/// The save would go to another item: where that has the same version it would be overwritten, and where it has another
/// one, the conflict would bring it, to be changed in place of the one that was meant.
#[tokio::test]
async fn a_change_of_the_key_writes_no_other_item() {
    let shop = shop().await;
    let drafts = shop.repository::<Draft>();
    let (mut first, mut second) = (draft(), Draft { id: 2, ..draft() });
    drafts.create(&mut first).await.unwrap();
    drafts.create(&mut second).await.unwrap();
    for _ in 0..2 {
        let moved = drafts.modify(Draft::key(1), |draft| {
            draft.id = 2;
            Ok::<_, Infallible>(())
        });
        let error = Error::from(moved.await.unwrap_err());
        let Error::Key(error) = &error else { panic!("{error:?}") };
        assert_eq!((error.attribute(), error.kind()), (Some("pk"), &KeyErrorKind::Changed));
        let shown = "key attribute `pk`: it is another one than that of the item that was read";
        assert_eq!(error.to_string(), shown);
        assert_eq!(drafts.get(&first).await.unwrap(), Some(first.clone()));
        assert_eq!(drafts.get(&second).await.unwrap(), Some(second.clone()));
        drafts.save(&mut second).await.unwrap();
    }
}
