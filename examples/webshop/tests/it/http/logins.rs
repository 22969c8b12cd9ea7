//! The limit on failed logins.

use std::time::Duration;

use dynamap_local::faults::{Fault, When};
use tokio::{task::JoinSet, time};
use webshop::http::{Limits, Rate};

use super::service::{Service, assert_refused, credentials, outcome, user};

const ADA: &str = "ada@example.com";

/// Lets time pass at once.
async fn pass(time: Duration) {
    time::pause();
    time::advance(time).await;
    time::resume();
}

#[tokio::test]
async fn an_email_address_has_so_many_guesses_and_no_more() {
    let service = Service::start().await;
    let Rate { burst, interval } = Limits::default().logins_of_email;
    let mut client = service.client().await;
    for _ in 0..burst {
        let refused = client.post("/login", &credentials(ADA, "guess")).await;
        assert_refused(&refused, 401, "wrong_credentials");
    }
    // The right password neither, however the address is typed: a guess is not told from it.
    for (email, password) in [(ADA, "guess"), (ADA, "umbrella"), ("Ada@Example.com", "umbrella")] {
        let refused = client.post("/login", &credentials(email, password)).await;
        assert_refused(&refused, 429, "too_many_logins");
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=interval.as_secs()).contains(&wait), "{wait}");
    }
    let other = client.post("/login", &credentials("ben@example.com", "guess")).await;
    assert_refused(&other, 401, "wrong_credentials");

    pass(interval).await;
    let mut client = service.client().await;
    assert_eq!(client.post("/login", &credentials(ADA, "umbrella")).await.status, 200);
}

#[tokio::test]
async fn guesses_at_once_are_no_way_around_it() {
    let service = Service::start().await;
    let mut guesses = JoinSet::new();
    for guess in 0..20 {
        let mut client = service.client().await;
        guesses.spawn(async move { client.post("/login", &credentials(ADA, &guess.to_string())).await });
    }
    let mut refused = Vec::new();
    while let Some(reply) = guesses.join_next().await {
        refused.push(outcome(&reply.unwrap()).0);
    }
    let burst = Limits::default().logins_of_email.burst as usize;
    assert_eq!(refused.iter().filter(|status| **status == 401).count(), burst, "{refused:?}");
    assert_eq!(refused.iter().filter(|status| **status == 429).count(), 20 - burst);
}

#[tokio::test]
async fn a_network_address_has_so_many_guesses_whoever_the_users_are() {
    let logins_from_address = Rate { burst: 10, interval: Duration::from_secs(3600) };
    let service = Service::with(Limits { logins_from_address, ..Limits::default() }).await;
    let mut client = service.client().await;
    for user in 0..10 {
        let email = format!("user-{user}@example.com");
        let refused = client.post("/login", &credentials(&email, "guess")).await;
        assert_refused(&refused, 401, "wrong_credentials");
    }
    // From another connection as well.
    let mut client = service.client().await;
    let refused = client.post("/login", &credentials(ADA, "umbrella")).await;
    assert_refused(&refused, 429, "too_many_logins");
    // Those who are logged in, and those who sign in, are not concerned.
    assert_refused(&client.get("/product-groups").await, 401, "token_invalid");
    assert_eq!(client.post("/signin", &user("cleo@example.com")).await.status, 200);
}

#[tokio::test]
async fn logins_that_succeed_or_that_the_shop_fails_count_nothing() {
    let service = Service::start().await;
    let mut client = service.client().await;
    let burst = Limits::default().logins_of_email.burst;
    for _ in 0..burst * 3 {
        assert_eq!(client.post("/login", &credentials(ADA, "umbrella")).await.status, 200);
    }
    let denied = Fault::Error(400, "AccessDeniedException".to_owned());
    service.faults.add(When::operation("GetItem").times(u64::from(burst) * 3), denied);
    for _ in 0..burst * 3 {
        let failed = client.post("/login", &credentials(ADA, "umbrella")).await;
        assert_refused(&failed, 500, "internal");
    }
    assert_eq!(client.post("/login", &credentials(ADA, "umbrella")).await.status, 200);
}
