use crate::model::{Session, shop};
use dynamap::value::EpochSeconds;
use dynamap::{Entity, Error};
use std::time::{Duration, SystemTime};

fn session(token: &str, seconds_from_now: i64) -> Session {
    let now = SystemTime::now();
    let expires_at = match u64::try_from(seconds_from_now) {
        Ok(seconds) => now + Duration::from_secs(seconds),
        Err(_) => now - Duration::from_secs(seconds_from_now.unsigned_abs()),
    };
    Session { customer_id: "c-1".into(), token: token.into(), expires_at: EpochSeconds::from(expires_at) }
}

#[tokio::test]
async fn an_expired_item_is_absent() {
    let sessions = shop().await.repository::<Session>();
    let (old, new) = (session("old", -10), session("new", 600));
    sessions.put(&old).send().await.unwrap();
    sessions.put(&new).send().await.unwrap();

    assert_eq!(sessions.get(old.to_key()).send().await.unwrap(), None);
    assert!(!sessions.exists(old.to_key()).send().await.unwrap());
    let page = sessions.query(Session::partition("c-1")).send().await.unwrap();
    assert_eq!((page.items, page.expired), (vec![new.clone()], 1));

    assert_eq!(sessions.get(old.to_key()).include_expired().send().await.unwrap(), Some(old.clone()));
    assert!(sessions.exists(old.to_key()).include_expired().send().await.unwrap());
    let all = sessions.query(Session::partition("c-1")).include_expired().try_collect().await.unwrap();
    assert_eq!(all, [new, old]);
}

#[tokio::test]
async fn create_takes_the_place_of_an_expired_item_and_replace_does_not() {
    let sessions = shop().await.repository::<Session>();
    sessions.put(&session("token", -10)).send().await.unwrap();
    let replaced = sessions.replace(&session("token", 600)).send().await;
    assert!(matches!(replaced, Err(Error::ConditionFailed(_))), "{replaced:?}");

    let new = session("token", 600);
    sessions.create(&new).send().await.unwrap();
    assert_eq!(sessions.get(new.to_key()).send().await.unwrap(), Some(new.clone()));
    let again = sessions.create(&new).send().await;
    assert!(matches!(again, Err(Error::ConditionFailed(_))), "{again:?}");
}

#[tokio::test]
async fn the_engine_sweeps_what_is_expired() {
    let local = dynamap_local::Local::memory().unwrap();
    let shop = crate::model::table(&local).await;
    shop.put(&session("old", -10)).send().await.unwrap();
    shop.put(&session("new", 600)).send().await.unwrap();
    assert_eq!(local.sweep_ttl().unwrap(), 1);
    let left = shop.query(Session::partition("c-1")).include_expired().try_collect().await.unwrap();
    assert_eq!(left.len(), 1);
}
