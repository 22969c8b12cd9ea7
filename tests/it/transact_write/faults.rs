//! What a transaction says of itself when answers are lost and DynamoDB is busy.

use super::{
    Account, Bank, Card, Entry, MAPPING, Note, REFUSED, account, bank_of, canceled, codes, entry, note,
    stored,
};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use dynamap::value::Version;
use dynamap::{Error, Result, Table};
use dynamap::{error::ServiceErrorKind, outcome::UnknownOutcome};
use dynamap_local::faults::{Effect, Fault, Faults, Plan, Throttling, Wakes, When};
use dynamap_local::{ConnectorError, Local, Request, Requests, SharedTransport, Transport, TransportFuture};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const WRITE: &str = "TransactWriteItems";

/// A bank with account 1 and its faults, and what was sent.
pub(super) struct Faulty {
    pub(super) bank: Table<Bank>,
    pub(super) quiet: Table<Bank>,
    pub(super) faults: Faults,
    pub(super) requests: Requests,
}

/// A bank whose transactions have these faults, one after another.
pub(super) async fn faulty(script: impl IntoIterator<Item = Fault>) -> Faulty {
    fastrand::seed(7);
    let local = Local::memory().unwrap();
    let quiet = bank_of(&local).await;
    quiet.put(&mut account(1, 10)).send().await.unwrap();
    let script = script.into_iter().map(|fault| (When::operation(WRITE), fault));
    let (faulty, faults) = local.with_faults(Plan::script(script));
    let (recording, requests) = faulty.recording();
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let config = dynamap::direct::prepare(recording.config()).timeout_config(timeouts);
    let bank = Table::new(Client::from_conf(config.build()), "bank").with_mapping(MAPPING);
    Faulty { bank, quiet, faults, requests }
}

impl Faulty {
    /// Withdraws and notes it.
    pub(super) async fn withdraw(&self) -> Result<()> {
        let withdraw =
            self.bank.update(Account::key(1)).apply(Account::BALANCE.set(Account::BALANCE - 1_u64));
        let withdraw = withdraw.condition(Account::BALANCE.ge(1));
        self.bank.transact_write().update(withdraw).create(&entry(1, 1)).send().await
    }

    pub(super) async fn balance(&self) -> u64 {
        stored(&self.quiet, Account::key(1)).await.unwrap().balance
    }

    /// How many requests there were, which must all be one and the same.
    #[track_caller]
    pub(super) fn resent(&self) -> usize {
        let sent = self.requests.take();
        let bodies: BTreeSet<String> = sent.iter().map(|request| request.body.to_string()).collect();
        assert_eq!(bodies.len(), 1, "the identical request is sent again");
        assert!(self.faults.illegal().is_empty(), "{:?}", self.faults.illegal());
        sent.len()
    }

    pub(super) fn applied(&self) -> usize {
        self.faults.log().iter().filter(|request| request.effect == Effect::Applied).count()
    }
}

#[track_caller]
pub(super) fn unknown(result: Result<()>) -> UnknownOutcome {
    match result {
        Err(Error::Unknown(unknown)) => unknown,
        other => panic!("{other:?}"),
    }
}

/// boto3 and the SDKs: a lost answer is a second booking, or a conflict with oneself (aws-sdk-java #2667, #1945).
#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_a_success_and_done_once() {
    for fault in [
        Fault::DropAfter,
        Fault::ErrorAfter,
        Fault::HangAfter,
        Fault::DropBefore,
        Fault::ErrorBefore,
        Fault::HangBefore,
        Fault::NeverConnected,
        Fault::Truncated(5),
        Fault::Zombie(Wakes::After(Duration::from_secs(3))),
    ] {
        // More often than the SDK tries.
        for times in [1, 4, 7] {
            if matches!(fault, Fault::NeverConnected) && times > 2 {
                continue;
            }
            let faulty = faulty(vec![fault.clone(); times]).await;
            let sent = faulty.withdraw().await;
            assert!(sent.is_ok(), "{fault:?} {times} times: {sent:?}");
            assert_eq!(faulty.resent(), times + 1, "{fault:?}");
            faulty.faults.drain().await;
            assert_eq!(faulty.balance().await, 9, "{fault:?} {times} times");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_damaged_is_not_taken_for_success() {
    // An embedded engine has no checksum of a damaged answer in the SDK's own types.
    if MAPPING == dynamap::Mapping::Direct {
        let faulty = faulty([Fault::Corrupted(0), Fault::Corrupted(1)]).await;
        faulty.withdraw().await.unwrap();
        assert_eq!((faulty.resent(), faulty.balance().await), (3, 9));
    }
}

/// The SDK gives up after a second, DynamoDB may need five.
#[tokio::test(start_paused = true)]
async fn a_transaction_in_progress_is_waited_for_with_its_token() {
    let faulty = faulty([Fault::DropBefore]).await;
    faulty.faults.add(When::operation(WRITE).after(1).always(), Fault::TransactionInProgress);
    let begun = Instant::now();
    let (sent, ()) = tokio::join!(faulty.withdraw(), async {
        tokio::time::sleep(Duration::from_secs(6)).await;
        faulty.faults.stop();
    });
    sent.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(6));
    assert!(faulty.resent() > 6);
    assert_eq!(faulty.balance().await, 9);

    // Whoever has no time is told that nobody knows.
    let faulty = self::faulty([]).await;
    faulty.faults.add(When::operation(WRITE).always(), Fault::TransactionInProgress);
    let begun = Instant::now();
    let short = faulty.bank.transact_write().create(&entry(1, 1)).client_request_token("mine");
    let unknown = unknown(short.retry_timeout(Duration::from_secs(3)).send().await);
    assert!(begun.elapsed() <= Duration::from_secs(3));
    assert_eq!(unknown.client_request_token(), Some("mine"));
    assert_eq!((unknown.operation(), unknown.entity(), unknown.table()), (WRITE, "Entry", "bank"));
    assert_eq!(unknown.service_error().unwrap().code(), Some("TransactionInProgressException"));
}

/// pynamodb #1264, floecat #257, gumroad #7452: a conflict is not repeated, nor one beside a failed condition.
#[tokio::test(start_paused = true)]
async fn conflicts_and_throttling_are_no_verdict() {
    let conflict = || Fault::canceled(["None", "TransactionConflict"]);
    let mixed = || Fault::canceled(["ConditionalCheckFailed", "TransactionConflict"]);
    let throttled = || Fault::canceled(["ThrottlingError", "ProvisionedThroughputExceeded"]);
    let faulty = faulty([
        conflict(),
        Fault::TransactionConflict,
        mixed(),
        throttled(),
        conflict(),
        Fault::Throttle(Throttling::ProvisionedThroughput),
        Fault::Throttle(Throttling::KeyRange),
        Fault::Throttle(Throttling::AccountLimit),
        Fault::Throttle(Throttling::AccountLimit),
    ])
    .await;
    faulty.withdraw().await.unwrap();
    assert_eq!((faulty.resent(), faulty.applied(), faulty.balance().await), (10, 1, 9));

    // They never end: it is told what they were, in the caller's order, and nothing was applied.
    let faulty = self::faulty([]).await;
    faulty.faults.add(When::operation(WRITE).always(), conflict());
    let begun = Instant::now();
    let canceled = canceled(faulty.withdraw().await);
    assert_eq!(codes(&canceled), [None, Some("TransactionConflict")]);
    assert_eq!(canceled.reasons()[1].entity(), "Entry");
    assert!((20..=30).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert!(faulty.resent() > 10);
}

/// pynamodb #1284, tempest #254: reasons in another order. cortex #7706: codes that are matched on the wrong type.
#[tokio::test(start_paused = true)]
async fn a_verdict_is_told_at_once_in_the_order_of_the_actions() {
    let faulty = faulty([Fault::canceled(["None", "ConditionalCheckFailed"])]).await;
    let canceled = canceled(faulty.withdraw().await);
    assert_eq!((codes(&canceled), faulty.resent()), (vec![None, REFUSED], 1));
    for code in ["ValidationError", "ItemCollectionSizeLimitExceeded", "SomethingNew"] {
        let faulty = self::faulty([Fault::canceled([code, "TransactionConflict"])]).await;
        let canceled = self::canceled(faulty.withdraw().await);
        assert_eq!((codes(&canceled)[0], faulty.resent()), (Some(code), 1));
    }
    let faulty = self::faulty([Fault::Error(400, "AccessDeniedException".into())]).await;
    let Err(Error::Service(denied)) = faulty.withdraw().await else { panic!() };
    assert_eq!((denied.kind(), faulty.resent()), (ServiceErrorKind::AccessDenied, 1));
}

/// The SDK has sent it again, and that attempt is refused for good: which says nothing about the one before.
#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_attempt_ends_it() {
    let denied = || Fault::Error(400, "AccessDeniedException".into());
    let faulty = faulty([Fault::DropBefore, denied()]).await;
    let unknown = unknown(faulty.withdraw().await);
    assert_eq!(unknown.service_error().unwrap().kind(), ServiceErrorKind::AccessDenied);
    assert_eq!((faulty.resent(), faulty.applied()), (2, 0));
    unknown.resolve().await.unwrap();
    assert_eq!((faulty.resent(), faulty.applied()), (1, 1));
}

/// DynamoDB as if it had forgotten each token by the next request, and the first answer is lost.
#[derive(Debug)]
struct Forgetful(SharedTransport, AtomicU8);

impl Transport for Forgetful {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let name = b"\"ClientRequestToken\":\"";
            let token = request.body.windows(name.len()).position(|window| window == name);
            let Some(token) = token else { return self.0.call(request).await };
            let times = self.1.fetch_add(1, Ordering::Relaxed);
            request.body[token + name.len()] = b'a' + times;
            let response = self.0.call(request).await?;
            if times == 0 { Err(ConnectorError::io("connection reset".into())) } else { Ok(response) }
        })
    }
}

/// What was applied is in the item, though its token tells nothing.
#[tokio::test(start_paused = true)]
async fn a_transaction_knows_itself_in_the_item_that_it_has_written() {
    let local = Local::memory().unwrap();
    let quiet = bank_of(&local).await;
    let bank = || {
        let forgetful = local.wrap(|inner| Forgetful(inner, AtomicU8::new(0)));
        let config = dynamap::direct::prepare(forgetful.config());
        Table::<Bank>::new(Client::from_conf(config.build()), "bank").with_mapping(MAPPING)
    };
    let mut new = note(1);
    bank().transact_write().create(&mut new).check_absent(Account::key(1)).send().await.unwrap();
    assert_eq!(stored(&quiet, Note::key(1)).await, Some(new.clone()));
    new.text.push('!');
    bank().transact_write().save(&mut new).check_absent(Account::key(1)).send().await.unwrap();
    assert_eq!(stored(&quiet, Note::key(1)).await, Some(new));
}

/// Those who hinder one another do not come back together.
#[tokio::test(start_paused = true)]
async fn pauses_are_random_and_grow() {
    const CONFLICTS: u32 = 5;
    let longest = Duration::from_millis(50) * ((1 << CONFLICTS) - 1);
    let faulty = faulty([]).await;
    let (mut shortest_of_all, mut longest_of_all) = (longest, Duration::ZERO);
    for _ in 0..40 {
        let conflict = Fault::canceled(["None", "TransactionConflict"]);
        faulty.faults.add(When::operation(WRITE).times(CONFLICTS.into()), conflict);
        let begun = Instant::now();
        faulty.bank.transact_write().put(&entry(1, 1)).check_exists(Account::key(1)).send().await.unwrap();
        shortest_of_all = shortest_of_all.min(begun.elapsed());
        longest_of_all = longest_of_all.max(begun.elapsed());
    }
    let random = shortest_of_all < longest / 3 && longest_of_all > longest / 2;
    assert!(random && longest_of_all < longest, "{shortest_of_all:?} to {longest_of_all:?} of {longest:?}");
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_reached_is_given_up_as_soon_as_the_sdk_does() {
    let faulty = faulty([]).await;
    faulty.faults.add(When::operation(WRITE).always(), Fault::NeverConnected);
    let Err(Error::Service(unreachable)) = faulty.withdraw().await else { panic!() };
    assert_eq!((unreachable.kind(), faulty.resent()), (ServiceErrorKind::Unreachable, 3));
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_attempt_a_failed_condition_is_no_verdict_unless_it_can_never_hold_again() {
    // The lost attempt may arrive yet, when the entry is gone.
    let faulty = faulty([Fault::Zombie(Wakes::After(Duration::from_secs(60)))]).await;
    faulty.quiet.put(&entry(1, 1)).send().await.unwrap();
    let unknown = unknown(faulty.withdraw().await);
    let canceled = unknown.cancellation().unwrap();
    assert_eq!(codes(canceled), [None, REFUSED]);
    assert_eq!(canceled.reasons()[1].current::<Entry>().unwrap().unwrap(), entry(1, 1));
    assert!(unknown.client_request_token().is_some_and(|token| token.len() == 32));
    assert_eq!((unknown.entity(), faulty.balance().await), ("", 10));
    assert!(!format!("{unknown} {unknown:?}").contains("rent"), "{unknown}");
    faulty.quiet.delete(Entry::key(1, 1)).send().await.unwrap();
    faulty.faults.drain().await;
    assert_eq!(faulty.balance().await, 9, "so it does");
    unknown.resolve().await.unwrap();
    assert_eq!(faulty.balance().await, 9, "and once");

    // A version that has gone on does not come back.
    let faulty = self::faulty([Fault::Zombie(Wakes::After(Duration::from_secs(60)))]).await;
    let (mut mine, mut card) = (note(1), Card { id: 1, limit: 1, version: Version::NEW });
    faulty.quiet.create(&mut mine).send().await.unwrap();
    faulty.quiet.create(&mut card).send().await.unwrap();
    faulty.quiet.update(Note::key(1)).apply(Note::TEXT.set("theirs")).ignore_version().send().await.unwrap();
    let before = mine.clone();
    let canceled =
        self::canceled(faulty.bank.transact_write().save(&mut mine).create(&entry(1, 2)).send().await);
    assert!(canceled.reasons()[0].is_version_conflict());
    assert_eq!(mine, before);
    faulty.faults.add(When::operation(WRITE), Fault::DropBefore);
    faulty.quiet.update(Card::key(1)).apply(Card::LIMIT.set(2)).ignore_version().send().await.unwrap();
    self::canceled(
        faulty
            .bank
            .transact_write()
            .delete(faulty.bank.delete(Card::key(1)).expect_version(&card.version))
            .send()
            .await,
    );
    // Nor does the lineage of a number, where the item is gone.
    faulty.quiet.delete(Note::key(1)).ignore_version().send().await.unwrap();
    faulty.faults.add(When::operation(WRITE), Fault::DropBefore);
    self::canceled(faulty.bank.transact_write().save(&mut mine).send().await);
    faulty.faults.drain().await;
    assert_eq!(stored(&faulty.quiet, Entry::key(1, 2)).await, None);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_what_nobody_knows() {
    for fault in [Fault::DropAfter, Fault::ErrorBefore, Fault::HangBefore, Fault::Truncated(5)] {
        let faulty = faulty([]).await;
        faulty.faults.add(When::operation(WRITE).always(), fault.clone());
        let mut new = note(1);
        let begun = Instant::now();
        let sent = faulty.bank.transact_write().create(&mut new).check_exists(Account::key(1)).send().await;
        let unknown = unknown(sent);
        assert!(begun.elapsed() <= Duration::from_secs(30), "{fault:?}");
        assert!(unknown.service_error().unwrap().kind().is_ambiguous(), "{unknown}");
        assert!(new.version.is_new(), "{fault:?}");
        // As it is, nobody finds out; then it is sent again with its token, and done once.
        let unknown = self::unknown(unknown.resolve().await);
        assert!(unknown.can_be_resolved());
        faulty.faults.stop();
        unknown.resolve().await.unwrap();
        assert_eq!(stored(&faulty.quiet, Note::key(1)).await.unwrap().text, new.text);
        faulty.resent();
    }
    // Without any timeout, the time of the transaction ends a call that hangs.
    let local = Local::memory().unwrap();
    let quiet = bank_of(&local).await;
    let (hanging, _) = local.with_faults(Plan::script([(When::operation(WRITE).always(), Fault::HangAfter)]));
    let bank = Table::<Bank>::new(hanging.client(), "bank").with_mapping(MAPPING);
    unknown(bank.transact_write().create(&entry(1, 1)).send().await);
    assert_eq!(stored(&quiet, Entry::key(1, 1)).await, Some(entry(1, 1)));
}

#[tokio::test(start_paused = true)]
async fn what_became_of_a_transaction_can_be_found_out_as_long_as_dynamodb_knows_its_token() {
    let lost = async || {
        let faulty = faulty([]).await;
        faulty.faults.add(When::operation(WRITE).always(), Fault::DropBefore);
        let unknown = unknown(faulty.withdraw().await);
        faulty.faults.stop();
        (faulty, unknown)
    };
    // The condition does not hold any more, and the lost attempts may yet arrive when it does.
    let (faulty, unknown) = lost().await;
    faulty.quiet.put(&mut account(1, 0)).send().await.unwrap();
    let unknown = self::unknown(unknown.resolve().await);
    assert_eq!(codes(unknown.cancellation().unwrap()), [REFUSED, None]);
    faulty.quiet.put(&mut account(1, 1)).send().await.unwrap();
    unknown.resolve().await.unwrap();
    assert_eq!(faulty.balance().await, 0);
    // After four minutes no request is sent: it would be a new transaction.
    let (faulty, unknown) = lost().await;
    faulty.requests.clear();
    tokio::time::sleep(Duration::from_secs(4 * 60)).await;
    let unknown = self::unknown(unknown.resolve().await);
    assert!(!unknown.can_be_resolved() && faulty.requests.take().is_empty());
    assert_eq!(unknown.client_request_token().map(str::len), Some(32));
}
