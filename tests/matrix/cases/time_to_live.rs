use crate::matrix::{
    case::{CaseFailure, cases, equal, refused},
    context::Context,
    model::{Session, Sessions},
};
use aws_sdk_dynamodb::types::TimeToLiveStatus;
use dynamap::{Error, Table, value::EpochSeconds};
use std::time::{Duration, SystemTime};

cases!("time_to_live":
    it_is_enabled_with_the_table [TimeToLive],
    an_expired_item_is_absent [TimeToLive],
    an_expired_item_is_replaced [TimeToLive],
    an_upsert_begins_anew [TimeToLive],
);

fn session(id: u32, is_expired: bool) -> Session {
    let (now, hour) = (SystemTime::now(), Duration::from_secs(3_600));
    let expires_at = EpochSeconds::from(if is_expired { now - hour } else { now + hour });
    Session { id, user: "ada".into(), expires_at }
}

async fn it_is_enabled_with_the_table(context: Context) -> Result<(), CaseFailure> {
    let sessions: Table<Sessions> = context.own_table().await?;
    let described = context.target.client.describe_time_to_live().table_name(sessions.name()).send().await?;
    let described = described.time_to_live_description();
    let attribute = described.and_then(|described| described.attribute_name());
    equal("attribute", attribute, Some("expires_at"))?;
    let status = described.and_then(|described| described.time_to_live_status());
    let is_on = matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling));
    equal("status", is_on, true)?;
    equal("again", sessions.create_table_if_absent().await?, false)
}

/// An engine may delete it at any time.
async fn an_expired_item_is_absent(context: Context) -> Result<(), CaseFailure> {
    let sessions: Table<Sessions> = context.own_table().await?;
    for (id, is_expired) in [(1, true), (2, false)] {
        sessions.put(&session(id, is_expired)).await?;
    }
    equal("expired", sessions.get(Session::key(1)).consistent_read().await?, None)?;
    equal("other", sessions.exists(Session::key(2)).consistent_read().await?, true)?;
    equal("scan", sessions.scan::<Session>().consistent_read().count().await?, 1)?;
    let update = sessions.update(Session::key(1)).apply(Session::USER.set("bob")).await;
    refused("update", update, |error| matches!(error, Error::ConditionFailed(_)))?;
    refused("save", sessions.save(&session(1, false)).await, |error| {
        matches!(error, Error::ConditionFailed(_))
    })?;
    Ok(())
}

async fn an_expired_item_is_replaced(context: Context) -> Result<(), CaseFailure> {
    let sessions: Table<Sessions> = context.own_table().await?;
    sessions.put(&session(1, true)).await?;
    let new = session(1, false);
    sessions.create(&new).await?;
    equal("new", sessions.get(Session::key(1)).consistent_read().await?, Some(new.clone()))?;
    refused("again", sessions.create(&new).await, |error| matches!(error, Error::ConditionFailed(_)))?;
    Ok(())
}

async fn an_upsert_begins_anew(context: Context) -> Result<(), CaseFailure> {
    let sessions: Table<Sessions> = context.own_table().await?;
    let (old, new) = (session(1, true), session(1, false));
    sessions.put(&Session { user: "old".into(), ..old.clone() }).await?;
    let upsert = Session::EXPIRES_AT.set(new.expires_at).and(Session::USER.set_if_not_exists("new"));
    sessions.upsert(old.to_key()).apply(upsert).await?;
    let stored = sessions.get(&old).consistent_read().await?;
    equal("stored", stored, Some(Session { user: "new".into(), ..new }))
}
