//! Entities that are read consistently if nothing is said.

use crate::MAPPING;
use crate::model::{Customer, Order, Shop};
use dynamap::{Entity, Index, ItemCollection, Projection, Repository, Table, TableSchema};
use dynamap_local::{Local, Requests};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByOwner, ByAmount))]
struct Bank;

#[derive(Index)]
#[dynamap(table = Bank, name = "gsi1", partition_key = "gsi1pk")]
struct ByOwner;

#[derive(Index)]
#[dynamap(table = Bank, name = "lsi1", local, sort_key = number("amount"))]
struct ByAmount;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "BRANCH#{branch}", sk = "ACCOUNT#{number}", consistent_read)]
#[dynamap(index = ByOwner, pk = "OWNER#{owner}")]
#[dynamap(index = ByAmount, sk = amount)]
struct Account {
    branch: u32,
    number: u32,
    owner: u32,
    amount: u64,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Account)]
struct Amount {
    amount: u64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "BRANCH#{branch}", sk = "NOTE#{number}")]
struct Note {
    branch: u32,
    number: u32,
}

#[derive(Debug, PartialEq, ItemCollection)]
enum BranchItem {
    Note(Note),
    Account(Account),
}

async fn bank() -> (Table<Bank>, Repository<Account>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let bank = Table::new(local.client(), "bank").with_mapping(MAPPING);
    bank.create_table_if_absent().send().await.unwrap();
    let accounts = bank.repository::<Account>();
    accounts.put(&Account { branch: 1, number: 1, owner: 1, amount: 10 }).send().await.unwrap();
    bank.put(&Note { branch: 1, number: 1 }).send().await.unwrap();
    requests.clear();
    (bank, accounts, requests)
}

/// Whether each request asked for a consistent read.
fn asked(requests: &Requests) -> Vec<bool> {
    let consistent = |body: &serde_json::Value| {
        let of_table = &body["RequestItems"]["bank"]["ConsistentRead"];
        body["ConsistentRead"] == true || of_table == true
    };
    requests.take().iter().map(|sent| consistent(&sent.body)).collect()
}

#[tokio::test]
async fn reads_by_key_are_consistent_unless_a_call_says_otherwise() {
    let (bank, accounts, requests) = bank().await;
    let (key, note) = (|| Account::key(1, 1), || Note::key(1, 1));
    macro_rules! each {
        ($($read:expr),* $(,)?) => { $(
            $read.send().await.unwrap();
            assert_eq!(asked(&requests), [true], stringify!($read));
            $read.eventually_consistent_read().send().await.unwrap();
            assert_eq!(asked(&requests), [false], stringify!($read));
            $read.eventually_consistent_read().consistent_read().send().await.unwrap();
            assert_eq!(asked(&requests), [true], stringify!($read));
        )* };
    }
    each! {
        accounts.get(key()),
        bank.get(key()).project::<Amount>(),
        accounts.exists(key()),
        accounts.batch_get([key()]),
        bank.batch_get([key()]).project::<Amount>(),
        bank.batch_get_mixed(([note()], [key()])),
        bank.get_member::<BranchItem>(note()),
        bank.batch_get_members::<BranchItem>([key().into(), note().into()]),
    }
    bank.get(note()).send().await.unwrap();
    bank.batch_get([note()]).send().await.unwrap();
    bank.batch_get_mixed(([note()], [note()])).send().await.unwrap();
    assert_eq!(asked(&requests), [false; 3]);
    assert_eq!(accounts.get(key()).explain().unwrap().capacity(), &dynamap::op::Capacity::Read(1.0..=100.0));
    bank.transact_get(key()).send().await.unwrap();
    assert_eq!(asked(&requests), [false], "DynamoDB: it is always consistent, and has no such member");
}

#[tokio::test]
async fn queries_are_consistent_where_dynamodb_can() {
    let (bank, accounts, requests) = bank().await;
    macro_rules! each {
        ($($query:expr),* $(,)?) => { $(
            $query.send().await.unwrap();
            assert_eq!(asked(&requests), [true], stringify!($query));
            $query.eventually_consistent_read().send().await.unwrap();
            assert_eq!(asked(&requests), [false], stringify!($query));
        )* };
    }
    each! {
        accounts.query(Account::partition(1)),
        accounts.query(Account::partition(1)).project::<Amount>(),
        accounts.query(Account::partition(1)).keys(),
        bank.query(Account::by_amount(1)),
        bank.query(BranchItem::partition(1)),
    }
    accounts.query(Account::partition(1)).count().send().await.unwrap();
    assert_eq!(asked(&requests), [true]);
    // DynamoDB refuses a consistent read of a global index.
    let found = accounts.query(Account::by_owner(1)).try_collect().await.unwrap();
    assert_eq!((found.len(), asked(&requests)), (1, vec![false]));
    // The entities behind its keys are read as such.
    let found = accounts.query(Account::by_owner(1)).hydrate().send().await.unwrap();
    assert_eq!((found.items.len(), asked(&requests)), (1, vec![false, true]));
    accounts.query(Account::by_owner(1)).hydrate().eventually_consistent_read().send().await.unwrap();
    assert_eq!(asked(&requests), [false, false]);
    bank.query(Note::partition(1)).send().await.unwrap();
    accounts.scan().send().await.unwrap();
    assert_eq!(asked(&requests), [false, false], "a scan says it itself");
}

#[tokio::test]
async fn entities_that_say_nothing_are_read_as_before() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop: Table<Shop> = crate::model::table(&local).await;
    requests.clear();
    shop.get(Customer::key("c-1")).send().await.unwrap();
    shop.query(Order::partition("c-1")).send().await.unwrap();
    assert!(requests.take().iter().all(|sent| sent.body.get("ConsistentRead").is_none()));
}
