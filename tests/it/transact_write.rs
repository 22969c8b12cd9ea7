//! Transactions that write.

mod faults;
mod one;
mod redelivery;
mod several_tables;

use crate::MAPPING;
use dynamap::entity::Key;
use dynamap::outcome::{InvalidTransaction, InvalidTransactionKind, TransactionCanceled};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Index, Repository, Result, Table, TableSchema};
use dynamap_local::{Local, Requests};
use std::time::{Duration, UNIX_EPOCH};
use uuid::Uuid;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByState))]
pub(crate) struct Bank;

#[derive(Index)]
#[dynamap(table = Bank, name = "gsi1", partition_key = "gsi1pk")]
pub(crate) struct ByState;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "ACCOUNT#{id}", sk = "ACCOUNT")]
#[dynamap(index = ByState, pk = "STATE#{state}")]
pub(crate) struct Account {
    pub(crate) id: u32,
    pub(crate) balance: u64,
    pub(crate) state: Option<String>,
    #[dynamap(updated_at)]
    pub(crate) updated_at: EpochSeconds,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "ACCOUNT#{account}", sk = "ENTRY#{number}")]
pub(crate) struct Entry {
    pub(crate) account: u32,
    pub(crate) number: u32,
    pub(crate) text: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "NOTE#{id}", sk = "NOTE")]
pub(crate) struct Note {
    pub(crate) id: u32,
    pub(crate) text: String,
    #[dynamap(version)]
    pub(crate) version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "CARD#{id}", sk = "CARD")]
pub(crate) struct Card {
    pub(crate) id: u32,
    pub(crate) limit: u32,
    #[dynamap(version)]
    pub(crate) version: Version<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "SESSION#{token}", sk = "SESSION")]
pub(crate) struct Session {
    pub(crate) token: String,
    pub(crate) valid: bool,
    #[dynamap(ttl)]
    pub(crate) expires_at: EpochSeconds,
}

/// At the keys of accounts.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "ACCOUNT#{id}", sk = "ACCOUNT")]
pub(crate) struct Impostor {
    pub(crate) id: u32,
}

/// The time in the tests.
pub(crate) const NOW: u64 = 1_000_000;

pub(crate) fn account(id: u32, balance: u64) -> Account {
    Account { id, balance, state: Some("open".into()), updated_at: EpochSeconds(0) }
}

pub(crate) fn entry(account: u32, number: u32) -> Entry {
    Entry { account, number, text: "rent".into() }
}

pub(crate) fn note(id: u32) -> Note {
    Note { id, text: "a".into(), version: Version::NEW }
}

fn session(token: &str, expires_at: u64) -> Session {
    Session { token: token.into(), valid: true, expires_at: EpochSeconds(expires_at as i64) }
}

pub(crate) async fn bank_of(local: &Local) -> Table<Bank> {
    let clock = || UNIX_EPOCH + Duration::from_secs(NOW);
    let bank = Table::new(local.client(), "bank").with_mapping(MAPPING).with_clock(clock);
    bank.create_table_if_absent().send().await.unwrap();
    bank
}

pub(crate) async fn bank() -> (Table<Bank>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let bank = bank_of(&local).await;
    requests.clear();
    (bank, requests)
}

pub(crate) async fn stored<K: Key<Entity: Entity<Table = Bank>>>(
    bank: &Table<Bank>,
    key: K,
) -> Option<K::Entity> {
    bank.get(key).consistent_read().include_expired().send().await.unwrap()
}

#[track_caller]
fn canceled(result: Result<()>) -> TransactionCanceled {
    match result {
        Err(Error::TransactionCanceled(canceled)) => canceled,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn invalid<T: std::fmt::Debug>(result: Result<T>) -> InvalidTransaction {
    match result {
        Err(Error::InvalidTransaction(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

fn codes(canceled: &TransactionCanceled) -> Vec<Option<&str>> {
    canceled.reasons().iter().map(|reason| reason.code()).collect()
}

const REFUSED: Option<&str> = Some("ConditionalCheckFailed");

#[tokio::test]
async fn every_action_is_done_at_once() {
    let (checked, illegal) = Local::memory().unwrap().checked();
    let (local, requests) = checked.recording();
    let bank = bank_of(&local).await;
    let accounts: Repository<Account> = bank.repository();
    let (mut saved, mut replaced) = (note(1), note(2));
    bank.create(&mut saved).send().await.unwrap();
    bank.create(&mut replaced).send().await.unwrap();
    bank.put(&mut account(1, 100)).send().await.unwrap();
    bank.put(&entry(1, 1)).send().await.unwrap();
    bank.put(&entry(1, 2)).send().await.unwrap();
    let mut card = Card { id: 1, limit: 5, version: Version::NEW };
    saved.text = "b".into();
    replaced.text = "c".into();
    requests.clear();

    bank.transact_write()
        .put(&mut account(2, 7))
        .create(&mut card)
        .save(&mut saved)
        .replace(&mut replaced)
        .update(
            accounts
                .update(Account::key(1))
                .apply(Account::BALANCE.add(5_u64))
                .condition(Account::BALANCE.ge(1)),
        )
        .update(accounts.upsert(Account::key(3)).apply(Account::BALANCE.set(9)))
        .delete(Entry::key(1, 1))
        .delete(bank.delete(Entry::key(1, 2)).condition(Entry::TEXT.eq("rent")))
        .write(bank.create(&entry(1, 3)).condition(Entry::TEXT.not_exists() | Entry::TEXT.eq("x")))
        .check(Entry::key(9, 9), Entry::TEXT.not_exists())
        .check_absent(Entry::key(9, 8))
        .send()
        .await
        .unwrap();
    assert_eq!(
        requests.take().iter().map(|request| request.operation.clone()).collect::<Vec<_>>(),
        ["TransactWriteItems"]
    );

    let now = EpochSeconds(NOW as i64);
    assert_eq!(stored(&bank, Account::key(2)).await, Some(Account { updated_at: now, ..account(2, 7) }));
    assert_eq!(stored(&bank, Account::key(1)).await.unwrap().balance, 105);
    assert_eq!(stored(&bank, Entry::key(1, 1)).await, None);
    assert_eq!(stored(&bank, Entry::key(1, 2)).await, None);
    assert_eq!(stored(&bank, Entry::key(1, 3)).await, Some(entry(1, 3)));
    // What is in memory is what is stored, the versions included.
    assert!(!card.version.is_new());
    assert_eq!(stored(&bank, Card::key(1)).await, Some(card));
    assert_eq!((saved.version.stored(), replaced.version.stored()), (Some(&2), Some(&2)));
    assert_eq!(stored(&bank, Note::key(1)).await, Some(saved));
    assert_eq!(stored(&bank, Note::key(2)).await, Some(replaced));

    // The index keys followed.
    bank.transact_write()
        .update(accounts.update(Account::key(1)).apply(Account::STATE.set("shut".to_owned())))
        .check_exists(Account::key(2))
        .send()
        .await
        .unwrap();
    assert!(illegal.is_empty(), "{illegal:?}");
    let shut = accounts.query(Account::by_state("shut")).send().await.unwrap().items;
    assert_eq!(shut.iter().map(|account| account.id).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn a_refusal_of_one_is_a_refusal_of_all_with_the_reasons_in_the_callers_order() {
    let (bank, _) = bank().await;
    let accounts: Repository<Account> = bank.repository();
    let (mut mine, mut new) = (note(1), Card { id: 1, limit: 5, version: Version::NEW });
    bank.create(&mut mine).send().await.unwrap();
    let mut theirs = stored(&bank, Note::key(1)).await.unwrap();
    theirs.text = "theirs".into();
    bank.save(&mut theirs).send().await.unwrap();
    bank.put(&mut account(1, 3)).send().await.unwrap();
    bank.put(&entry(1, 1)).send().await.unwrap();
    let before = (mine.clone(), new.clone());

    let sent = bank
        .transact_write()
        .check(Account::key(1), Account::BALANCE.ge(10))
        .create(&mut new)
        .delete(Entry::key(1, 7))
        .save(&mut mine)
        .put(&entry(1, 2))
        .update(accounts.update(Account::key(2)).apply(Account::BALANCE.add(1_u64)))
        .create(&entry(1, 1))
        .send()
        .await;
    let canceled = canceled(sent);
    assert_eq!(codes(&canceled), [REFUSED, None, None, REFUSED, None, REFUSED, REFUSED]);
    let told: Vec<_> =
        canceled.reasons().iter().map(|reason| (reason.position(), reason.kind(), reason.entity())).collect();
    assert_eq!(
        told,
        [
            (0, "ConditionCheck", "Account"),
            (1, "Put", "Card"),
            (2, "Delete", "Entry"),
            (3, "Update", "Note"),
            (4, "Put", "Entry"),
            (5, "Update", "Account"),
            (6, "Put", "Entry"),
        ]
    );
    let conflicts: Vec<_> = canceled.reasons().iter().map(|reason| reason.is_version_conflict()).collect();
    assert_eq!(conflicts, [false, false, false, true, false, false, false]);
    assert_eq!(canceled.refused().count(), 4);
    assert_eq!(canceled.reasons()[0].current::<Account>().unwrap().unwrap().balance, 3);
    assert_eq!(canceled.reasons()[3].current::<Note>().unwrap().unwrap(), theirs);
    assert!(canceled.reasons()[5].current::<Account>().is_none());
    assert_eq!(canceled.reasons()[6].current::<Entry>().unwrap().unwrap(), entry(1, 1));
    assert_eq!(
        canceled.to_string(),
        "the transaction on bank was cancelled: action 0 (ConditionCheck of `Account`): ConditionalCheckFailed (the item does not meet it), \
         action 3 (Update of `Note`): ConditionalCheckFailed by the version, \
         action 5 (Update of `Account`): ConditionalCheckFailed (there is no such item, or it was not told), action 6 (Put of `Entry`): ConditionalCheckFailed (the item exists)"
    );
    assert!(!format!("{canceled:?} {:?}", canceled.reasons()).contains("theirs"));

    // Nothing was written, and nothing in memory changed.
    assert_eq!((mine, new), before);
    assert_eq!(stored(&bank, Card::key(1)).await, None);
    assert_eq!(stored(&bank, Entry::key(1, 2)).await, None);
}

#[tokio::test]
async fn versions_are_checked_and_told_of_every_action() {
    let (bank, _) = bank().await;
    for id in 1..=4 {
        bank.create(&mut note(id)).send().await.unwrap();
    }
    let notes: Repository<Note> = bank.repository();
    let mut read = Vec::new();
    for id in 1..=4 {
        read.push(stored(&bank, Note::key(id)).await.unwrap());
    }
    for id in 1..=3 {
        notes.update(Note::key(id)).apply(Note::TEXT.set("theirs")).ignore_version().send().await.unwrap();
    }
    let text = |text: &str| Note::TEXT.set(text);
    let [first, .., last] = &mut read[..] else { panic!() };
    let sent = bank
        .transact_write()
        .replace(first)
        .update(notes.update(Note::key(2)).apply(text("x")).expect_version(&last.version))
        .delete(notes.delete(Note::key(3)).expect_version(&last.version))
        .save(last)
        .send()
        .await;
    let canceled = canceled(sent);
    assert_eq!(codes(&canceled), [REFUSED, REFUSED, REFUSED, None]);
    assert_eq!(canceled.reasons().iter().filter(|reason| reason.is_version_conflict()).count(), 3);
    assert_eq!(canceled.reasons()[2].current::<Note>().unwrap().unwrap().text, "theirs");

    // A condition that fails at the version that is expected is no version conflict.
    let sent = bank
        .transact_write()
        .update(
            notes
                .update(Note::key(4))
                .apply(text("x"))
                .expect_version(&read[3].version)
                .condition(Note::TEXT.eq("z")),
        )
        .send()
        .await;
    let canceled = self::canceled(sent);
    assert!(canceled.reasons()[0].is_condition_failed() && !canceled.reasons()[0].is_version_conflict());

    // Who is not there any more was written meanwhile, too.
    bank.delete(Note::key(4)).ignore_version().send().await.unwrap();
    let canceled = self::canceled(bank.transact_write().save(&mut read[3]).send().await);
    assert!(canceled.reasons()[0].is_version_conflict() && canceled.reasons()[0].raw_item().is_none());

    // A blind update advances the version.
    bank.transact_write()
        .update(notes.update(Note::key(1)).apply(text("y")).ignore_version())
        .send()
        .await
        .unwrap();
    assert_eq!(stored(&bank, Note::key(1)).await.unwrap().version.stored(), Some(&3));
}

#[tokio::test]
async fn what_has_expired_is_absent_and_other_entities_are_kept() {
    let (bank, _) = bank().await;
    let sessions: Repository<Session> = bank.repository();
    bank.put(&session("old", NOW - 1)).send().await.unwrap();
    bank.put(&session("new", NOW + 1)).send().await.unwrap();
    bank.put(&Impostor { id: 1 }).send().await.unwrap();
    let extend = |token: &str| sessions.update(Session::key(token)).apply(Session::VALID.set(false));
    let refused = async |transaction: dynamap::op::TransactWriteItems<'_, Bank>| {
        let canceled = canceled(transaction.send().await);
        assert_eq!(codes(&canceled), [REFUSED], "{canceled}");
    };
    refused(bank.transact_write().update(extend("old"))).await;
    refused(bank.transact_write().replace(&session("old", NOW + 9))).await;
    refused(bank.transact_write().save(&session("old", NOW + 9))).await;
    refused(bank.transact_write().create(&session("new", NOW + 9))).await;
    refused(bank.transact_write().check(Session::key("old"), Session::VALID.eq(true))).await;
    refused(bank.transact_write().check(Session::key("new"), Session::VALID.not_exists())).await;
    refused(bank.transact_write().check_exists(Session::key("old"))).await;
    refused(bank.transact_write().check_absent(Session::key("new"))).await;
    refused(bank.transact_write().put(&mut account(1, 1))).await;
    refused(bank.transact_write().delete(Account::key(1))).await;
    refused(bank.transact_write().update(bank.upsert(Account::key(1)).apply(Account::BALANCE.set(1)))).await;
    refused(bank.transact_write().check(Account::key(1), Account::BALANCE.not_exists())).await;

    // A check of what has expired is that of what never was.
    for condition in [Session::VALID.ne(true), !Session::VALID.eq(true), Session::VALID.ne(false)] {
        let check = |token: &str| bank.transact_write().check(Session::key(token), condition.clone());
        assert_eq!(check("old").send().await.is_ok(), check("none").send().await.is_ok(), "{condition}");
    }
    bank.transact_write()
        .check(Session::key("new"), Session::VALID.eq(true))
        .check(Session::key("old"), Session::VALID.not_exists())
        .check_absent(Session::key("none"))
        .send()
        .await
        .unwrap();
    bank.transact_write().create(&session("old", NOW + 5)).update(extend("new")).send().await.unwrap();
    assert_eq!(stored(&bank, Session::key("old")).await, Some(session("old", NOW + 5)));
    bank.transact_write()
        .write(bank.put(&mut account(1, 1)).overwrite_other_entities())
        .send()
        .await
        .unwrap();
}

#[tokio::test]
async fn what_dynamodb_would_refuse_is_no_request_and_says_which_action() {
    let (bank, requests) = bank().await;
    let other = Table::<Bank>::new(bank.client().clone(), "other");
    let place = |invalid: &InvalidTransaction| {
        invalid.action().map(|action| (action.position, action.kind, action.entity))
    };

    let none = invalid(bank.transact_write().send().await);
    assert!(matches!(none.kind(), InvalidTransactionKind::Empty));
    assert_eq!((place(&none), none.to_string().as_str()), (None, "TransactWriteItems: it has no actions"));

    let many = (0..101).fold(bank.transact_write(), |all, number| all.put(&entry(1, number)));
    assert_eq!(many.len(), 101);
    let many = invalid(many.send().await);
    assert!(matches!(many.kind(), InvalidTransactionKind::TooManyActions { count: 101, limit: 100 }));
    assert_eq!(place(&many), Some((100, "Put", "Entry")));

    let large = |number, size| Entry { text: "x".repeat(size), ..entry(1, number) };
    let item = invalid(bank.transact_write().put(&entry(1, 1)).put(&large(2, 409_600)).send().await);
    assert!(matches!(item.kind(), InvalidTransactionKind::ItemTooLarge { size: 409_601.., limit: 409_600 }));
    assert_eq!(place(&item), Some((1, "Put", "Entry")));

    let all = (0..11).fold(bank.transact_write(), |all, number| all.create(&large(number, 400_000)));
    let all = invalid(all.send().await);
    assert!(matches!(all.kind(), InvalidTransactionKind::TooLarge { size: 4_194_305.., limit: 4_194_304 }));
    assert_eq!(place(&all), Some((10, "Put", "Entry")));

    let twice =
        bank.transact_write().put(&entry(1, 1)).check_exists(Account::key(1)).delete(Entry::key(1, 1));
    let twice = invalid(twice.send().await);
    assert!(matches!(twice.kind(), InvalidTransactionKind::SameItem { first: 0 }));
    assert_eq!(place(&twice), Some((2, "Delete", "Entry")));
    assert_eq!(
        twice.to_string(),
        "TransactWriteItems, action 2 (Delete of `Entry`): action 0 is on the same item"
    );

    let elsewhere = bank.transact_write().put(&entry(1, 1)).delete(other.delete(Entry::key(1, 2)));
    let elsewhere = invalid(elsewhere.send().await);
    assert!(matches!(elsewhere.kind(), InvalidTransactionKind::OtherTable));
    assert_eq!(place(&elsewhere), Some((1, "Delete", "Entry")));

    let mut new = note(1);
    let unsaved = invalid(bank.transact_write().put(&entry(1, 1)).save(&mut new).send().await);
    let InvalidTransactionKind::Action(error) = unsaved.kind() else { panic!("{unsaved}") };
    assert!(matches!(**error, Error::NoStoredVersion(_)));
    assert_eq!(place(&unsaved), Some((1, "Update", "Note")));
    let nothing = invalid(bank.transact_write().update(bank.update(Account::key(1))).send().await);
    let InvalidTransactionKind::Action(error) = nothing.kind() else { panic!("{nothing}") };
    assert!(matches!(**error, Error::Expression(_)) && place(&nothing).unwrap().0 == 0);

    for token in [String::new(), "x".repeat(37)] {
        let long = invalid(bank.transact_write().put(&entry(1, 1)).client_request_token(token).into_sdk());
        assert!(matches!(long.kind(), InvalidTransactionKind::TokenLength { limit: 36, .. }));
    }
    assert!(requests.take().is_empty());
}

#[tokio::test]
async fn one_hundred_actions_are_one_request() {
    let (bank, requests) = bank().await;
    let all = (0..100).map(|number| bank.create(&entry(1, number)));
    let all = bank.transact_write().write_all(all.collect::<Vec<_>>());
    all.send().await.unwrap();
    assert_eq!(requests.take().len(), 1);
    let keys = (0..100).map(|number| Entry::key(1, number));
    let found = bank.repository::<Entry>().transact_get(keys).send().await.unwrap();
    assert!(found.iter().enumerate().all(|(number, found)| *found == Some(entry(1, number as u32))));
}

#[tokio::test]
async fn an_update_without_actions_that_may_be_skipped_keeps_the_places_of_the_others() {
    let (bank, requests) = bank().await;
    let nothing = || bank.update(Account::key(1)).skip_if_empty();
    bank.transact_write().update(nothing()).send().await.unwrap();
    assert!(requests.take().is_empty());
    let sent = bank.transact_write().update(nothing()).check_exists(Entry::key(1, 1)).send().await;
    let canceled = canceled(sent);
    assert_eq!(codes(&canceled), [None, REFUSED]);
    assert_eq!(canceled.reasons()[1].kind(), "ConditionCheck");
}

#[tokio::test]
async fn tokens_are_random_or_given() {
    let (bank, requests) = bank().await;
    let token = || requests.take().remove(0).body["ClientRequestToken"].as_str().unwrap().to_owned();
    bank.transact_write().put(&entry(1, 1)).send().await.unwrap();
    let first = token();
    assert!(first.len() == 32 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
    bank.transact_write().put(&entry(1, 1)).send().await.unwrap();
    assert_ne!(token(), first);
    bank.transact_write().put(&entry(1, 1)).client_request_token("message-7").send().await.unwrap();
    assert_eq!(token(), "message-7");
    let seeded = bank.clone().with_random(|bytes| bytes.fill(0xab));
    seeded.transact_write().put(&entry(1, 2)).send().await.unwrap();
    assert_eq!(token(), "ab".repeat(16));

    // With one token it is one transaction, and another one is refused.
    let add = |amount: u64| {
        let add = bank.upsert(Account::key(1)).apply(Account::BALANCE.add(amount));
        bank.transact_write().update(add).client_request_token("message-8")
    };
    add(5).send().await.unwrap();
    add(5).send().await.unwrap();
    let read = bank.client().get_item().table_name("bank");
    let read = read.set_key(bank.delete(Account::key(1)).into_sdk().unwrap().get_key().clone());
    assert_eq!(read.send().await.unwrap().item.unwrap()["balance"].as_n().unwrap(), "5");
    let Err(Error::Service(reused)) = add(6).send().await else { panic!() };
    assert_eq!(reused.code(), Some("IdempotentParameterMismatchException"));
}

#[tokio::test]
async fn a_transaction_can_be_explained_and_handed_to_the_sdk() {
    let (bank, requests) = bank().await;
    bank.put(&mut account(1, 3)).send().await.unwrap();
    requests.clear();
    let transaction = || {
        let update = bank.update(Account::key(1)).apply(Account::BALANCE.set(Account::BALANCE - 1_u64));
        bank.transact_write()
            .create(&entry(1, 1))
            .update(update.condition(Account::BALANCE.ge(1)))
            .delete(Entry::key(1, 2))
            .check(Entry::key(1, 3), Entry::TEXT.not_exists())
            .client_request_token("t")
    };
    let explanation = transaction().explain().unwrap();
    assert!(requests.take().is_empty());
    transaction().send().await.unwrap();
    let sent = requests.take().remove(0);
    let explained: serde_json::Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!((explanation.operation(), &explained), (sent.operation.as_str(), &sent.body));
    assert_eq!(explanation.expressions().len(), 5);
    assert_eq!(explanation.capacity(), &dynamap::op::Capacity::Write(8.0..=3200.0));
    assert!(!format!("{:?} {explanation:?}", transaction()).contains("rent"));
    transaction().into_sdk().unwrap().send().await.unwrap();
    assert_eq!(requests.take().remove(0).body, sent.body);
}
