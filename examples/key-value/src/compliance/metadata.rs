use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::{
    CaseFailure, Context,
    case::{Case, case, equal},
};
use crate::{append, assoc, bassoc, dissoc, keys, meta, model::Kind};

pub(super) const CASES: &[Case] = &[
    case!(the_kind_of_a_key_is_told),
    case!(each_write_has_its_time),
    case!(the_keys_are_exactly_those_that_are_there),
    case!(many_keys_are_listed),
];

async fn the_kind_of_a_key_is_told(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    equal("absent", meta(store, &key).await?, None)?;
    let kind = async || Ok::<_, CaseFailure>(meta(store, &key).await?.map(|meta| (meta.key, meta.kind)));
    assoc(store, &*key, &1).await?;
    equal("value", kind().await?, Some((key.clone(), Kind::Value)))?;
    bassoc(store, &*key, &b"bytes"[..]).await?;
    equal("binary value", kind().await?, Some((key.clone(), Kind::Binary)))?;
    dissoc(store, &*key).await?;
    equal("removed", kind().await?, None)?;
    append(store, &*key, &1).await?;
    equal("log", kind().await?, Some((key.clone(), Kind::Log)))
}

async fn each_write_has_its_time(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let mut before = Timestamp::UNIX_EPOCH;
    for number in 0..3 {
        match number {
            0 => assoc(store, &*key, &1).await?,
            1 => assoc(store, &*key, &1).await?,
            _ => bassoc(store, &*key, &b"1"[..]).await?,
        };
        let now = meta(store, &key).await?.map(|meta| meta.last_write).unwrap_or_default();
        equal("later", now > before, true)?;
        before = now;
    }
    Ok(())
}

async fn the_keys_are_exactly_those_that_are_there(context: Context) -> Result<(), CaseFailure> {
    let store = &context.store;
    assoc(store, context.key("value"), &1).await?;
    append(store, context.key("log"), &1).await?;
    append(store, context.key("log"), &2).await?;
    bassoc(store, context.key("bytes"), &b"bytes"[..]).await?;
    assoc(store, context.key("removed"), &1).await?;
    dissoc(store, context.key("removed")).await?;
    let expected: BTreeMap<String, Kind> =
        [("value", Kind::Value), ("log", Kind::Log), ("bytes", Kind::Binary)]
            .map(|(name, kind)| (context.key(name), kind))
            .into();
    equal("keys", listed(&context).await?, expected.into_iter().collect())
}

async fn many_keys_are_listed(context: Context) -> Result<(), CaseFailure> {
    let names: Vec<String> = (0..60).map(|number| context.key(&format!("{number:02}"))).collect();
    // More than a page of DynamoDB.
    let large = "x".repeat(40_000);
    for name in &names {
        assoc(&context.store, &**name, &large).await?;
    }
    let expected: Vec<_> = names.into_iter().map(|name| (name, Kind::Value)).collect();
    equal("keys", listed(&context).await?, expected)
}

/// The keys of this case, sorted.
async fn listed(context: &Context) -> Result<Vec<(String, Kind)>, CaseFailure> {
    let own = context.key("");
    let all: Vec<_> = keys(&context.store).try_collect().await?;
    let own = all.into_iter().filter(|meta| meta.key.starts_with(&own));
    let mut own: Vec<_> = own.map(|meta| (meta.key, meta.kind)).collect();
    own.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(own)
}
