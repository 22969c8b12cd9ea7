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

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = crate::model::Shop, pk = "CUSTOMER#{customer_id}", sk = "ATTEMPTS")]
struct Attempts {
    customer_id: String,
    count: u32,
    note: Option<String>,
    #[dynamap(ttl)]
    expires_at: EpochSeconds,
}

/// Nothing of an item that has expired comes back, and what is acknowledged is there.
#[tokio::test]
async fn an_upsert_begins_anew_where_an_item_has_expired() {
    let shop = shop().await;
    let key = || Attempts::key("c-1");
    let later = EpochSeconds::from(SystemTime::now()) + Duration::from_secs(600);
    let count = || Attempts::COUNT.add(1_u32).and(Attempts::EXPIRES_AT.set(later));
    let mut expected = Attempts { customer_id: "c-1".into(), count: 1, note: None, expires_at: later };
    let old =
        Attempts { count: 9, note: Some("old".into()), expires_at: EpochSeconds(1), ..expected.clone() };
    for how in ["alone", "transactional", "return_new", "return_old"] {
        shop.put(&old).send().await.unwrap();
        let upsert = shop.upsert(key()).apply(count());
        match how {
            "alone" => upsert.send().await.unwrap(),
            // It is told: a transaction does not delete what was not asked for.
            "transactional" => {
                let refused = upsert.transactional().send().await;
                assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
                shop.upsert(key()).apply(count()).send().await.unwrap();
            }
            "return_new" => assert_eq!(upsert.return_new().send().await.unwrap(), expected),
            _ => assert_eq!(upsert.return_old().send().await.unwrap(), None),
        }
        assert_eq!(shop.get(key()).send().await.unwrap(), Some(expected.clone()), "{how}");
    }
    // What has not expired goes on.
    shop.upsert(key()).apply(count()).send().await.unwrap();
    expected.count = 2;
    assert_eq!(shop.get(key()).send().await.unwrap(), Some(expected.clone()));
    // The caller's own condition is that of an item which is not there.
    shop.put(&old).send().await.unwrap();
    let refused = shop.upsert(key()).apply(count()).condition(Attempts::NOTE.eq("old")).send().await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    shop.upsert(key()).apply(count()).condition(Attempts::NOTE.not_exists()).send().await.unwrap();
    // An item of another entity stays, expired or not.
    let item = |entity: &Attempts| {
        let mut item = dynamap::entity::to_item(entity).unwrap();
        item.insert("entity_type".into(), aws_sdk_dynamodb::types::AttributeValue::S("Other".into()));
        item
    };
    shop.client().put_item().table_name(shop.name()).set_item(Some(item(&old))).send().await.unwrap();
    let refused = shop.upsert(key()).apply(count()).send().await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
}
