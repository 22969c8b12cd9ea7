//! The compliance suite on the embedded engine, and on engines that lack something.

use dynamap_local::Local;
use key_value::compliance::{self, Capability};

#[tokio::test(start_paused = true)]
async fn the_embedded_engine_passes_all_cases() {
    let report =
        compliance::run(&Local::memory().unwrap().client(), &[Capability::Transactions]).await.unwrap();
    assert!(report.is_passed(), "{report}");
}
