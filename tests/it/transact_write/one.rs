//! Writes that are transactions of their own.

use super::faults::{faulty, unknown};
use super::{Account, Card, Entry, Note, account, bank, entry, note, stored};
use dynamap::error::ServiceErrorKind;
use dynamap::value::Version;
use dynamap::{Error, Result};
use dynamap_local::faults::{Fault, Wakes, When};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn what_counts_is_counted_once_where_answers_are_lost() {
    for fault in
        [Fault::DropAfter, Fault::ErrorAfter, Fault::HangAfter, Fault::Truncated(3), Fault::DropBefore]
    {
        for times in [1, 4] {
            let faulty = faulty(vec![fault.clone(); times]).await;
            let add = || faulty.bank.update(Account::key(1)).apply(Account::BALANCE.add(1_u64));
            add().transactional().send().await.unwrap();
            assert_eq!((faulty.resent(), faulty.balance().await), (times + 1, 11), "{fault:?}");

            faulty.quiet.put(&entry(1, 1)).send().await.unwrap();
            faulty.faults.add(When::operation("TransactWriteItems"), fault.clone());
            faulty.bank.delete(Entry::key(1, 1)).transactional().send().await.unwrap();
            assert_eq!(stored(&faulty.quiet, Entry::key(1, 1)).await, None);

            faulty.faults.add(When::operation("TransactWriteItems"), fault.clone());
            let mut new = note(1);
            faulty.bank.create(&mut new).transactional().send().await.unwrap();
            assert_eq!(stored(&faulty.quiet, Note::key(1)).await, Some(new.clone()));
            new.text = "b".into();
            faulty.faults.add(When::operation("TransactWriteItems"), fault.clone());
            faulty.bank.save(&mut new).transactional().send().await.unwrap();
            assert_eq!(
                (stored(&faulty.quiet, Note::key(1)).await, new.version.stored()),
                (Some(new.clone()), Some(&2))
            );
        }
    }
}

/// The same errors as those of the write alone.
#[tokio::test]
async fn failures_are_those_of_the_write() {
    let (bank, requests) = bank().await;
    bank.put(&mut account(1, 3)).send().await.unwrap();
    bank.put(&entry(1, 1)).send().await.unwrap();
    let shown = |result: Result<()>| result.unwrap_err().to_string();
    macro_rules! same {
        ($write:expr) => {{
            requests.clear();
            let alone = $write.send().await.unwrap_err();
            let as_transaction = $write.transactional().send().await.unwrap_err();
            assert_eq!(as_transaction.to_string(), alone.to_string());
            assert_eq!(std::mem::discriminant(&as_transaction), std::mem::discriminant(&alone));
            as_transaction
        }};
    }
    let failed = same!(bank.create(&entry(1, 1)));
    let Error::ConditionFailed(failed) = failed else { panic!("{failed}") };
    assert_eq!((failed.operation(), failed.current::<Entry>().unwrap().unwrap()), ("PutItem", entry(1, 1)));
    same!(bank.replace(&entry(1, 2)));
    let sum = || bank.update(Account::key(1)).apply(Account::BALANCE.set(Account::BALANCE - 1_u64));
    same!(sum().condition(Account::BALANCE.ge(9)));
    same!(bank.delete(Entry::key(1, 1)).condition(Entry::TEXT.eq("z")));
    same!(bank.update(Account::key(1)));
    same!(bank.save(&mut note(1)));

    let (mut mine, mut card) = (note(1), Card { id: 1, limit: 1, version: Version::NEW });
    bank.create(&mut mine).send().await.unwrap();
    bank.create(&mut card).send().await.unwrap();
    bank.update(Note::key(1)).apply(Note::TEXT.set("theirs")).ignore_version().send().await.unwrap();
    bank.update(Card::key(1)).apply(Card::LIMIT.set(2)).ignore_version().send().await.unwrap();
    let before = mine.clone();
    let conflict = same!(bank.save(&mut mine));
    let Error::VersionConflict(conflict) = conflict else { panic!("{conflict}") };
    assert_eq!(
        (conflict.operation(), conflict.current::<Note>().unwrap().unwrap().text.as_str()),
        ("UpdateItem", "theirs")
    );
    assert_eq!(mine, before);
    same!(bank.replace(&mut card));
    same!(bank.delete(Note::key(1)).expect_version(&mine.version));

    // DynamoDB finds out what an update cannot be applied to.
    let text = bank.update(Entry::key(1, 1)).apply(Entry::TEXT.set("x")).transactional();
    text.send().await.unwrap();
    let missing = || bank.upsert(Account::key(9)).apply(Account::BALANCE.set(Account::BALANCE + 1_u64));
    let refused = missing().transactional().send().await;
    let Err(Error::Service(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!((refused.kind(), refused.operation()), (ServiceErrorKind::Validation, "UpdateItem"));
    assert!(
        shown(bank.put(&Entry { text: "x".repeat(500_000), ..entry(1, 1) }).transactional().send().await)
            .contains("over the limit")
    );
    bank.update(Account::key(1)).skip_if_empty().transactional().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn faults_come_out_as_those_of_the_write() {
    for (code, kind) in [
        ("TransactionConflict", ServiceErrorKind::TransactionConflict),
        ("ThrottlingError", ServiceErrorKind::Throttled),
    ] {
        let faulty = faulty([]).await;
        faulty.faults.add(When::operation("TransactWriteItems").always(), Fault::canceled([code]));
        let write = faulty.bank.update(Account::key(1)).apply(Account::BALANCE.add(1_u64)).transactional();
        let Err(Error::Service(error)) = write.retry_timeout(Duration::from_secs(5)).send().await else {
            panic!()
        };
        assert_eq!((error.kind(), error.operation(), error.code()), (kind, "UpdateItem", Some(code)));
        assert!(faulty.resent() > 2);
    }
    // A condition that fails after a lost attempt may hold when that arrives.
    let faulty = faulty([Fault::Zombie(Wakes::After(Duration::from_secs(60)))]).await;
    faulty.quiet.put(&entry(1, 1)).send().await.unwrap();
    let create = faulty.bank.create(&entry(1, 1)).transactional().client_request_token("mine");
    let unknown = unknown(create.send().await);
    assert_eq!((unknown.operation(), unknown.entity()), ("PutItem", "Entry"));
    assert_eq!(unknown.client_request_token(), Some("mine"));
    assert_eq!(unknown.current::<Entry>().unwrap().unwrap(), entry(1, 1));
    // A version that has gone on does not come back.
    let mut mine = note(1);
    faulty.quiet.create(&mut mine).send().await.unwrap();
    faulty.quiet.update(Note::key(1)).apply(Note::TEXT.set("theirs")).ignore_version().send().await.unwrap();
    faulty.faults.add(When::operation("TransactWriteItems"), Fault::DropBefore);
    let conflict = faulty.bank.save(&mut mine).transactional().send().await;
    assert!(matches!(conflict, Err(Error::VersionConflict(_))), "{conflict:?}");
}

#[tokio::test]
async fn it_can_be_explained_and_handed_to_the_sdk() {
    let (bank, requests) = bank().await;
    bank.put(&mut account(1, 3)).send().await.unwrap();
    requests.clear();
    let write = || {
        bank.update(Account::key(1))
            .apply(Account::BALANCE.add(1_u64))
            .transactional()
            .client_request_token("t")
    };
    let explanation = write().explain().unwrap();
    write().send().await.unwrap();
    let sent = requests.take().remove(0);
    let explained: serde_json::Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!(explained, sent.body);
    assert_eq!(explanation.capacity(), &dynamap::op::Capacity::Write(2.0..=800.0));
    assert!(!format!("{:?}", write()).contains('3'));
    write().into_sdk().unwrap().send().await.unwrap();
    assert_eq!(stored(&bank, Account::key(1)).await.unwrap().balance, 4);
}
