//! No money is lost under stress, and the proof sees it where it would be.

use wallet::stress::{Proof, Stress};

async fn proof(stress: Stress) -> Proof {
    let proof = stress.run(|_| {}).await.unwrap();
    assert!(proof.holds(), "{stress}:\n{proof}");
    proof
}

#[tokio::test(start_paused = true)]
async fn no_money_is_lost() {
    // In three rounds.
    let proof = proof(Stress::new(10, 300, 0.2, 7).round(120)).await;
    let count = proof.counts;
    assert_eq!(count.applied + count.overdrawn + count.failed + count.unknown, 300);
    assert_eq!((proof.sum_before, proof.sum_after), (10_000, 10_000));
    // Where nothing happens, nothing is proved.
    assert!(count.applied > 150 && count.overdrawn > 10 && count.failed < 10, "{proof}");
    assert!(count.faults > 40 && count.ambiguous > 20, "{proof}");
    let result = proof.to_string().lines().last().unwrap().to_owned();
    assert!(result.starts_with("RESULT wallets=10 transfers=300 applied="), "{result}");
    assert!(result.ends_with(" sum_before=10000 sum_after=10000 ledger_equals_balances=true"), "{result}");
}

#[tokio::test(start_paused = true)]
async fn no_money_is_lost_whatever_the_seed() {
    let seed = fastrand::u64(..u64::from(u32::MAX));
    println!("seed {seed}");
    proof(Stress::new(10, 300, 0.2, seed).round(120)).await;
}

#[tokio::test(start_paused = true)]
async fn one_seed_has_one_course() {
    let stress = Stress::new(5, 60, 0.3, 11);
    assert_eq!(proof(stress).await, proof(stress).await);
}

#[tokio::test(start_paused = true)]
async fn without_faults_there_are_none() {
    let proof = proof(Stress::new(2, 40, 0.0, 3)).await;
    assert_eq!((proof.counts.faults, proof.counts.ambiguous, proof.counts.unknown), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn where_all_requests_fail_nothing_is_told_to_be_done_that_is_not() {
    let proof = proof(Stress::new(4, 24, 1.0, 5)).await;
    assert!(proof.counts.unknown > 0, "{proof}");
}

#[tokio::test(start_paused = true)]
async fn one_wallet_has_nobody_to_pay() {
    assert!(Stress::new(1, 1, 0.0, 0).run(|_| {}).await.is_err());
}
