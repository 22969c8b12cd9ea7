//! ListTagsOfResource, TagResource and UntagResource.

use super::create_table::tag;
use crate::{
    call::{Handle, observe_about_table, send_about_table},
    direct::{LIST_TAGS_OF_RESOURCE, NullReceiver, RetryAfterUnknown, TAG_RESOURCE, UNTAG_RESOURCE},
    error::ServiceError,
};
use std::collections::BTreeMap;

/// The tags of a table.
pub(super) async fn tags_of(handle: &Handle, arn: &str) -> Result<BTreeMap<String, String>, ServiceError> {
    let (mut tags, mut next) = (BTreeMap::new(), None);
    loop {
        let request = handle.client.list_tags_of_resource().resource_arn(arn).set_next_token(next);
        let listed = observe_about_table(handle, &LIST_TAGS_OF_RESOURCE, |handle| async move {
            let exchange = handle.exchange(&LIST_TAGS_OF_RESOURCE, NullReceiver);
            send_about_table!(handle, request, exchange).map_err(|error| handle.error(&exchange, error))
        })
        .await?;
        tags.extend(listed.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
        next = listed.next_token;
        if next.is_none() {
            return Ok(tags);
        }
    }
}

/// The tags among the wanted ones that the table lacks or has with another value, and those that it has and should not.
pub(super) fn differing<'w>(
    wanted: &'w [(String, Option<String>)],
    found: &BTreeMap<String, String>,
) -> (Vec<(&'w str, &'w str)>, Vec<&'w str>) {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for (key, value) in wanted {
        match value {
            Some(value) if found.get(key) != Some(value) => added.push((key.as_str(), value.as_str())),
            None if found.contains_key(key) => removed.push(key.as_str()),
            _ => {}
        }
    }
    (added, removed)
}

/// The wanted tags and those found in their place, in words.
pub(super) fn in_words(
    wanted: &[(String, Option<String>)],
    found: &BTreeMap<String, String>,
) -> (String, String) {
    let text = |key: &str, value: Option<&str>| match value {
        Some(value) => format!("`{key}` = `{value}`"),
        None => format!("no `{key}`"),
    };
    let (added, removed) = differing(wanted, found);
    let expected = added.iter().map(|(key, value)| text(key, Some(value)));
    let expected: Vec<_> = expected.chain(removed.iter().map(|key| text(key, None))).collect();
    let keys = added.iter().map(|(key, _)| key).chain(&removed);
    let found: Vec<_> = keys.map(|key| text(key, found.get(*key).map(String::as_str))).collect();
    (expected.join(", "), found.join(", "))
}

/// Changes the tags that differ.
pub(super) async fn change_tags(
    handle: &Handle,
    arn: &str,
    wanted: &[(String, Option<String>)],
    found: &BTreeMap<String, String>,
) -> Result<(), ServiceError> {
    let (added, removed) = differing(wanted, found);
    // The same request again does no harm.
    let attempts = || (RetryAfterUnknown::Always, None);
    if !added.is_empty() {
        let request = handle.client.tag_resource().resource_arn(arn);
        let request = request.set_tags(Some(added.into_iter().map(tag).collect()));
        observe_about_table(handle, &TAG_RESOURCE, |handle| async move {
            let exchange = handle.write_exchange(&TAG_RESOURCE, attempts(), Vec::new(), NullReceiver);
            send_about_table!(handle, request, exchange).map_err(|error| handle.error(&exchange, error))
        })
        .await?;
    }
    if !removed.is_empty() {
        let request = handle.client.untag_resource().resource_arn(arn);
        let request = request.set_tag_keys(Some(removed.into_iter().map(str::to_owned).collect()));
        observe_about_table(handle, &UNTAG_RESOURCE, |handle| async move {
            let exchange = handle.write_exchange(&UNTAG_RESOURCE, attempts(), Vec::new(), NullReceiver);
            send_about_table!(handle, request, exchange).map_err(|error| handle.error(&exchange, error))
        })
        .await?;
    }
    Ok(())
}
