use std::time::Duration;

/// The number of attempts after which a write gives up.
pub(crate) const ATTEMPTS: u32 = 60;

const FIRST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_millis(500);

/// Waits before an attempt, from 0: the first at once, the others with exponential backoff and full jitter.
pub(crate) async fn wait_for(attempt: u32) {
    if attempt > 0 {
        let limit = FIRST.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST);
        tokio::time::sleep(limit.mul_f64(fastrand::f64())).await;
    }
}
