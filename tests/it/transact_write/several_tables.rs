//! Transactions over several tables.

use super::{Account, Bank, account, entry, note};
use crate::MAPPING;
use crate::outcome::{Fault, Script, faulty};
use dynamap::capacity::Meter;
use dynamap::outcome::InvalidTransactionKind;
use dynamap::value::Version;
use dynamap::{Entity, Error, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "id")]
struct Audit;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Audit, pk = id)]
struct Record {
    id: String,
    text: String,
    #[dynamap(version)]
    version: Version,
}

fn record(id: &str) -> Record {
    Record { id: id.into(), text: "a".into(), version: Version::NEW }
}

/// A bank, another one, and an audit, whose requests have faults.
async fn tables() -> (Table<Bank>, Table<Bank>, Table<Audit>, Script) {
    let (client, script) = faulty();
    let bank = Table::<Bank>::new(client.clone(), "bank").with_mapping(MAPPING);
    let branch = Table::<Bank>::new(client.clone(), "branch").with_mapping(MAPPING);
    let audit = Table::<Audit>::new(client, "audit").with_mapping(MAPPING);
    bank.create_table_if_absent().send().await.unwrap();
    branch.create_table_if_absent().send().await.unwrap();
    audit.create_table_if_absent().send().await.unwrap();
    bank.put(&mut account(1, 10)).send().await.unwrap();
    (bank, branch, audit, script)
}

#[tokio::test]
async fn all_tables_are_written_or_none() {
    let (bank, branch, audit, _) = tables().await;
    let mut one = record("r-1");
    // Equal keys in two tables are two items.
    let everything = bank
        .transact_write()
        .create(&entry(1, 1))
        .update(bank.update(Account::key(1)).apply(Account::BALANCE.add(5_u64)))
        .and(branch.transact_write().create(&entry(1, 1)).check_absent(Account::key(1)))
        .and(audit.transact_write().create(&mut one));
    assert_eq!(everything.len(), 5);
    everything.send().await.unwrap();
    assert_eq!(one.version.stored(), Some(&1), "what is in another table has its version");
    assert!(branch.exists(&entry(1, 1)).send().await.unwrap());
    assert_eq!(audit.get(&one).send().await.unwrap(), Some(one.clone()));
    assert_eq!(bank.get(Account::key(1)).send().await.unwrap().unwrap().balance, 15);

    // The last one is refused, and nothing is written.
    let mut again = record("r-1");
    let canceled = bank
        .transact_write()
        .create(&entry(1, 2))
        .and(branch.transact_write().create(&entry(1, 2)))
        .and(audit.transact_write().create(&mut again))
        .send()
        .await;
    let Err(Error::TransactionCanceled(canceled)) = canceled else { panic!("{canceled:?}") };
    let codes: Vec<_> = canceled.reasons().iter().map(|reason| reason.code().unwrap_or("None")).collect();
    assert_eq!(codes, ["None", "None", "ConditionalCheckFailed"]);
    assert_eq!(canceled.reasons()[2].current::<Record>().unwrap().unwrap(), one);
    assert!(canceled.to_string().contains("bank, branch, audit"), "{canceled}");
    assert!(again.version.is_new());
    assert!(!bank.exists(&entry(1, 2)).send().await.unwrap());
    assert!(!branch.exists(&entry(1, 2)).send().await.unwrap());
}

#[tokio::test]
async fn it_is_done_once_where_an_answer_is_lost() {
    for fault in [Fault::LostAfter, Fault::LostBefore, Fault::ErrorAfter] {
        let (bank, branch, audit, script) = tables().await;
        let mut one = record("r-1");
        script.set(&[fault]);
        let deposit = bank.update(Account::key(1)).apply(Account::BALANCE.add(5_u64));
        let audited = audit.transact_write().create(&mut one);
        let branched = branch.transact_write().create(&entry(1, 1));
        bank.transact_write().update(deposit).and(branched.and(audited)).send().await.unwrap();
        assert_eq!(script.attempts(), 2, "{fault:?}");
        assert_eq!(bank.get(Account::key(1)).send().await.unwrap().unwrap().balance, 15);
        one.text = "b".into();
        audit.save(&mut one).send().await.unwrap();
        assert_eq!(one.version.stored(), Some(&2));
    }
}

#[tokio::test]
async fn what_is_given_to_the_wrong_table_is_an_error() {
    let (bank, branch, _, _) = tables().await;
    let kind = |result: dynamap::Result<()>| match result {
        Err(Error::InvalidTransaction(error)) => {
            (format!("{:?}", error.kind()), error.action().map(|at| at.position))
        }
        other => panic!("{other:?}"),
    };
    let wrong = branch.transact_write().write(bank.create(&entry(1, 1)));
    let mut noted = note(1);
    let of_bank = bank.transact_write().create(&mut noted);
    assert!(matches!(
        bank.transact_write()
            .create(&entry(1, 2))
            .and(branch.transact_write().write(branch.create(&entry(1, 2))))
            .send()
            .await,
        Ok(())
    ));
    assert_eq!(kind(of_bank.write(branch.create(&entry(1, 1))).send().await).1, Some(1));
    assert_eq!(kind(wrong.send().await).1, Some(0));
    let third = Table::<Bank>::new(bank.client().clone(), "third").with_mapping(MAPPING);
    let wrong = branch.transact_write().write(third.create(&entry(1, 1)));
    assert_eq!(kind(bank.transact_write().and(wrong).send().await).1, Some(0));
    // The same item of the same table stays one.
    let twice = bank.transact_write().create(&entry(1, 3)).and(bank.transact_write().create(&entry(1, 3)));
    let Err(Error::InvalidTransaction(twice)) = twice.send().await else { panic!("it is on one item") };
    assert!(matches!(twice.kind(), InvalidTransactionKind::SameItem { first: 0 }));
    let many =
        |table: &Table<Bank>| (0..51).fold(table.transact_write(), |tx, number| tx.create(&entry(9, number)));
    let Err(Error::InvalidTransaction(many)) = many(&bank).and(many(&branch)).send().await else {
        panic!("102")
    };
    assert!(matches!(many.kind(), InvalidTransactionKind::TooManyActions { count: 102, .. }));
}

#[tokio::test]
async fn the_first_table_counts_what_it_costs() {
    let (bank, _, audit, _) = tables().await;
    let (meter, other) = (Meter::new(), Meter::new());
    let audit = audit.with_meter(&other);
    let transaction = || bank.transact_write().create(&entry(1, 1));
    let mut one = record("r-1");
    let explained = transaction().and(audit.transact_write().create(&mut one)).explain().unwrap();
    let json = explained.request_json();
    assert!(json.contains(r#""TableName":"bank""#) && json.contains(r#""TableName":"audit""#), "{json}");
    transaction().and(audit.transact_write().create(&mut one)).meter(&meter).send().await.unwrap();
    let (of_all, of_other) = (meter.consumed().table, other.consumed().table);
    assert_eq!((of_all.write, of_other.write), (4.0, 0.0));
}

#[tokio::test]
async fn a_table_of_another_region_is_refused() {
    let (bank, _, audit, script) = tables().await;
    let region = aws_sdk_dynamodb::config::Region::new("ap-south-2");
    let config = audit.client().config().to_builder().region(region).build();
    let far = Table::<Audit>::new(aws_sdk_dynamodb::Client::from_conf(config), "audit");
    let mut one = record("r-1");
    let before = script.attempts();
    let both = bank.transact_write().create(&entry(1, 1)).and(far.transact_write().create(&mut one));
    let Err(Error::InvalidTransaction(invalid)) = both.send().await else { panic!() };
    assert_eq!(invalid.action().unwrap().position, 1);
    let InvalidTransactionKind::OtherRegion { region, first } = invalid.kind() else { panic!("{invalid}") };
    assert_eq!((region.as_str(), first.as_str()), ("ap-south-2", "us-east-1"));
    assert!(
        invalid
            .to_string()
            .ends_with("its table is in Region `ap-south-2`, and the transaction in `us-east-1`")
    );
    assert_eq!(script.attempts(), before);
}
