//! The access patterns, on the embedded engine.

use dynamap::Table;
use dynamap_local::{
    Local,
    faults::{Fault, Faults, Plan, When},
};
use wallet::{
    Described, Done, Throughput, WalletError, change_owner, change_throughput, create_table, deposit,
    describe, find_transfer,
    model::{Amount, Bank, Transfer, Wallet},
    open, statement, transfer, two_wallets, wallet,
};

/// A bank where Ada has 1000 and Bob nothing.
async fn bank() -> (Table<Bank>, Faults, Local) {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::none());
    let bank = Table::<Bank>::new(local.client(), "wallets");
    assert!(create_table(&bank, Throughput::OnDemand).await.unwrap());
    for id in ["ada", "bob"] {
        let opened = open(&bank, id, &format!("{id}'s owner")).await.unwrap();
        assert_eq!((opened.balance, opened.version.is_new()), (0, false));
    }
    assert_eq!(deposit(&bank, "d-1", "ada", 1000).await.unwrap(), Done::Now);
    (bank, faults, local)
}

async fn balances(bank: &Table<Bank>) -> (Amount, Amount) {
    let (ada, bob) = two_wallets(bank, "ada", "bob").await.unwrap();
    (ada.unwrap().balance, bob.unwrap().balance)
}

/// What the ledger of a wallet adds up to.
async fn ledger(bank: &Table<Bank>, id: &str) -> Amount {
    statement(bank, id, 1000, None).await.unwrap().items.iter().map(|entry| entry.amount).sum()
}

#[track_caller]
fn assert_legal(faults: &Faults) {
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

#[tokio::test]
async fn the_table_has_the_chosen_throughput() {
    let local = Local::memory().unwrap();
    let bank = Table::<Bank>::new(local.client(), "wallets");
    assert!(create_table(&bank, Throughput::Provisioned { read: 3, write: 7 }).await.unwrap());
    assert!(!create_table(&bank, Throughput::OnDemand).await.unwrap());
    let described =
        local.client().describe_table().table_name("wallets").send().await.unwrap().table.unwrap();
    let throughput = described.provisioned_throughput.unwrap();
    assert_eq!((throughput.read_capacity_units, throughput.write_capacity_units), (Some(3), Some(7)));
}

#[tokio::test]
async fn the_throughput_is_changed_while_the_bank_is_in_use() {
    let (bank, faults, _local) = bank().await;
    let described = async || Throughput::of(&describe(&bank).await.unwrap().unwrap());
    assert_eq!(described().await, Some(Throughput::OnDemand));
    let (few, more) =
        (Throughput::Provisioned { read: 5, write: 5 }, Throughput::Provisioned { read: 6, write: 5 });
    for (to, is_changed) in
        [(few, true), (few, false), (more, true), (Throughput::OnDemand, true), (Throughput::OnDemand, false)]
    {
        assert_eq!(change_throughput(&bank, to).await.unwrap(), is_changed, "{to}");
        assert_eq!(described().await, Some(to));
        assert_eq!(balances(&bank).await, (1000, 0));
    }
    for (read, write) in [(0, 1), (1, 0), (-1, -1)] {
        let refused = change_throughput(&bank, Throughput::Provisioned { read, write }).await;
        let is_invalid = matches!(refused, Err(WalletError::Table(dynamap::Error::InvalidThroughput(_))));
        assert!(is_invalid, "{refused:?}");
    }
    assert_legal(&faults);
}

#[tokio::test]
async fn a_table_is_described() {
    let (bank, _faults, _local) = bank().await;
    let table = describe(&bank).await.unwrap().unwrap();
    let text = Described(&table).to_string();
    let lines: Vec<_> = text.lines().map(|line| line.split_once(' ').unwrap()).collect();
    let value = |name| lines.iter().find(|(known, _)| *known == name).unwrap().1.trim();
    assert_eq!((value("name"), value("status")), ("wallets", "ACTIVE"));
    assert!(value("ARN").ends_with(":table/wallets"), "{text}");
    assert_eq!((value("key"), value("throughput")), ("pk (S), sk (S)", "on demand"));
    // Two wallets, a transfer and an entry.
    assert_eq!(value("items"), "4");
    assert!(value("size").strip_suffix(" bytes").unwrap().parse::<u32>().unwrap() > 0, "{text}");
    let other = Table::<Bank>::new(bank.client().clone(), "other");
    assert_eq!(describe(&other).await.unwrap(), None);
}

#[tokio::test]
async fn a_wallet_is_opened_once() {
    let (bank, faults, _local) = bank().await;
    match open(&bank, "ada", "somebody else").await {
        Err(WalletError::WalletExists(id)) => assert_eq!(id, "ada"),
        outcome => panic!("{outcome:?}"),
    }
    let ada = wallet(&bank, "ada").await.unwrap().unwrap();
    assert_eq!((ada.owner.as_str(), ada.balance), ("ada's owner", 1000));
    assert_eq!(wallet(&bank, "eve").await.unwrap(), None);
    assert_legal(&faults);
}

#[tokio::test]
async fn a_transfer_moves_money_and_writes_the_ledger() {
    let (bank, faults, _local) = bank().await;
    let rent = Transfer::new("t-1", "ada", "bob", 300);
    assert_eq!(transfer(&bank, &rent).await.unwrap(), Done::Now);
    assert_eq!(balances(&bank).await, (700, 300));
    assert_eq!(find_transfer(&bank, "t-1").await.unwrap(), Some(rent.clone()));
    assert_eq!(find_transfer(&bank, "t-2").await.unwrap(), None);
    let [ada, bob]: [_; 2] = rent.entries().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((ada.amount, bob.amount, bob.other.as_deref()), (-300, 300, Some("ada")));
    assert_eq!(statement(&bank, "ada", 1, None).await.unwrap().items, [ada]);
    assert_eq!(statement(&bank, "bob", 10, None).await.unwrap().items, [bob]);
    assert_legal(&faults);
}

#[tokio::test]
async fn all_of_a_balance_can_go_and_no_more() {
    let (bank, faults, _local) = bank().await;
    match transfer(&bank, &Transfer::new("t-1", "ada", "bob", 1001)).await {
        Err(WalletError::Overdrawn { wallet, balance }) => {
            assert_eq!((wallet.as_str(), balance), ("ada", 1000));
        }
        outcome => panic!("{outcome:?}"),
    }
    assert_eq!((balances(&bank).await, ledger(&bank, "ada").await), ((1000, 0), 1000));
    assert_eq!(find_transfer(&bank, "t-1").await.unwrap(), None);
    // The id was not used up.
    assert_eq!(transfer(&bank, &Transfer::new("t-1", "ada", "bob", 1000)).await.unwrap(), Done::Now);
    assert_eq!((balances(&bank).await, ledger(&bank, "ada").await), ((0, 1000), 0));
    assert_legal(&faults);
}

#[tokio::test]
async fn a_transfer_is_done_once_for_its_id() {
    let (bank, _faults, _local) = bank().await;
    let order = |amount| Transfer::new("t-1", "ada", "bob", amount);
    assert_eq!(transfer(&bank, &order(600)).await.unwrap(), Done::Now);
    // It is later now, and there would not be enough for a second one.
    assert_eq!(transfer(&bank, &order(600)).await.unwrap(), Done::Before);
    assert_eq!(deposit(&bank, "d-1", "ada", 1000).await.unwrap(), Done::Before);
    for other in [order(5), Transfer::new("t-1", "bob", "ada", 600), Transfer::deposit("t-1", "bob", 600)] {
        match transfer(&bank, &other).await {
            Err(WalletError::OtherTransfer(id)) => assert_eq!(id, "t-1"),
            outcome => panic!("{outcome:?}"),
        }
    }
    assert_eq!((balances(&bank).await, ledger(&bank, "bob").await), ((400, 600), 600));
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let (bank, _faults, _local) = bank().await;
    for amount in [0, -1, Amount::MIN] {
        let refused = transfer(&bank, &Transfer::new("t", "ada", "bob", amount)).await;
        assert!(matches!(refused, Err(WalletError::NoAmount)), "{refused:?}");
    }
    let refused = transfer(&bank, &Transfer::new("t", "ada", "ada", 1)).await;
    assert!(matches!(refused, Err(WalletError::SameWallet)), "{refused:?}");
    for refused in [
        transfer(&bank, &Transfer::new("t", "ada", "eve", 1)).await,
        transfer(&bank, &Transfer::new("t", "eve", "ada", 1)).await,
        deposit(&bank, "t", "eve", 1).await,
        change_owner(&bank, "eve", "Eve").await.map(|_| Done::Now),
    ] {
        assert!(matches!(&refused, Err(WalletError::NoSuchWallet(id)) if id == "eve"), "{refused:?}");
    }
    let refused = deposit(&bank, "t", "ada", Amount::MAX).await;
    assert!(matches!(&refused, Err(WalletError::TooMuch(id)) if id == "ada"), "{refused:?}");
    assert_eq!(deposit(&bank, "t", "ada", Amount::MAX - 1000).await.unwrap(), Done::Now);
    assert_eq!(balances(&bank).await, (Amount::MAX, 0));
}

#[tokio::test]
async fn a_statement_has_pages_newest_first() {
    let (bank, faults, _local) = bank().await;
    for number in 1..=7 {
        let order = Transfer::new(format!("t-{number}"), "ada", "bob", number);
        assert_eq!(transfer(&bank, &order).await.unwrap(), Done::Now);
    }
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = statement(&bank, "ada", 3, after.take()).await.unwrap();
        pages.push(page.items.iter().map(|entry| entry.amount).collect::<Vec<_>>());
        after = page.cursor;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![-7, -6, -5], vec![-4, -3, -2], vec![-1, 1000]]);
    let first = statement(&bank, "ada", 3, None).await.unwrap();
    let other = statement(&bank, "bob", 3, first.cursor).await;
    assert!(matches!(other, Err(WalletError::Table(_))), "{other:?}");
    assert_legal(&faults);
}

#[tokio::test]
async fn a_new_owner_costs_no_money() {
    let (bank, _faults, local) = bank().await;
    let before = wallet(&bank, "ada").await.unwrap().unwrap();
    transfer(&bank, &Transfer::new("t-1", "ada", "bob", 300)).await.unwrap();
    // Saved as it was read before the transfer, it would bring the money back.
    let saved = bank.save(&mut Wallet { owner: "Eve".into(), ..before }).send().await;
    assert!(matches!(saved, Err(dynamap::Error::VersionConflict(_))), "{saved:?}");
    let ada = change_owner(&bank, "ada", "Eve").await.unwrap();
    assert_eq!((ada.owner.as_str(), ada.balance), ("Eve", 700));
    assert_eq!(wallet(&bank, "ada").await.unwrap(), Some(ada));
    drop(local);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_moves_the_money_once() {
    let (bank, faults, _local) = bank().await;
    for (number, fault) in
        [Fault::DropAfter, Fault::ErrorAfter, Fault::Truncated(0), Fault::DropBefore].into_iter().enumerate()
    {
        faults.add(When::operation("TransactWriteItems"), fault);
        let order = Transfer::new(format!("t-{number}"), "ada", "bob", 10);
        assert_eq!(transfer(&bank, &order).await.unwrap(), Done::Now);
    }
    assert_eq!((balances(&bank).await, ledger(&bank, "bob").await), ((960, 40), 40));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_can_be_sent_again() {
    let (bank, faults, _local) = bank().await;
    faults.add(When::operation("TransactWriteItems").always(), Fault::DropAfter);
    let order = Transfer::new("t-1", "ada", "bob", 10);
    let unknown = transfer(&bank, &order).await;
    assert!(matches!(unknown, Err(WalletError::Table(dynamap::Error::Unknown(_)))), "{unknown:?}");
    faults.stop();
    assert_eq!(transfer(&bank, &order).await.unwrap(), Done::Before);
    assert_eq!(balances(&bank).await, (990, 10));
}
