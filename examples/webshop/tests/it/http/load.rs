//! The load, in small.

use std::time::Duration;

use webshop::load::{Load, run};

use super::log;
use crate::passwords::cheap;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_client_goes_through_the_whole_shop() {
    log::begin();
    let clients = 20;
    let report = run(Load { clients, time: Duration::ZERO }, cheap()).await.unwrap();
    assert_eq!((report.times.failures, &report.times.reasons), (0, &Vec::new()));
    let requests: Vec<(&str, usize)> =
        report.times.routes.iter().map(|(route, times)| (*route, times.len())).collect();
    // Each has four groups to see, and goes through the pages of one: three, with a product of each but perhaps the last.
    let of = |route: &str| requests.iter().find(|(name, _)| *name == route).unwrap().1;
    let clients = clients as usize;
    assert_eq!((of("POST /signin"), of("POST /login")), (clients, clients));
    assert_eq!(of("GET /product-groups"), clients);
    assert_eq!(of("GET /products/{group}"), clients * 3);
    assert!((clients * 2..=clients * 3).contains(&of("GET /product/{group}/{id}")), "{requests:?}");
    assert!(report.to_string().ends_with("\n0 failures"), "{report}");
}
