//! Values of serde types as attribute values, by `serde_dynamo`, and their changes.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Revision,
    change::change,
    error::{Result, StoreError},
    model::Head,
    path::{self, NoPlace, Step},
    store::Store,
    target::Target,
};

/// The time for which an attempt of a write may be late, in seconds, and more.
const LATE: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// The attribute value of a value.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<AttributeValue> {
    serde_dynamo::to_attribute_value(value).map_err(StoreError::Encode)
}

/// The value of an attribute value that is stored at a key.
pub(crate) fn decode<T: DeserializeOwned>(key: &str, value: AttributeValue) -> Result<T> {
    serde_dynamo::from_attribute_value(value)
        .map_err(|source| StoreError::Decode { key: key.to_owned(), source })
}

/// The change of a value: the whole value of the key, also where a path was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The revision of the new value.
    pub revision: Revision,
    key: String,
    old: Option<AttributeValue>,
    new: AttributeValue,
}

impl Change {
    /// The value before the change; `None` if the key was absent.
    ///
    /// # Errors
    /// [`StoreError::Decode`] if it has another form.
    pub fn before<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.old.clone().map(|old| decode(&self.key, old)).transpose()
    }

    /// The value after the change.
    ///
    /// # Errors
    /// [`StoreError::Decode`] if it has another form.
    pub fn after<T: DeserializeOwned>(&self) -> Result<T> {
        decode(&self.key, self.new.clone())
    }
}

/// Changes what is at a path by a function.
pub(crate) async fn change_in(
    store: &Store,
    target: &Target,
    path: impl IntoIterator<Item = impl Into<Step>>,
    mut function: impl FnMut(Option<AttributeValue>) -> Result<AttributeValue>,
) -> Result<Change> {
    let key = &target.key;
    let path: Vec<Step> = path.into_iter().map(Into::into).collect();
    let next = |head: Option<&Head>| {
        let value = head.cloned().map(Head::into_value).transpose()?;
        let new = function(value.clone().and_then(|value| path::get_in(value, &path)))?;
        let value = path::assoc_in(value, &path, new)
            .map_err(|NoPlace(step)| StoreError::NoPlace { key: key.clone(), step })?;
        Ok::<_, StoreError>(Head::of_value(key, value))
    };
    let changed = change(store, target, next).await?;
    let old = changed.old.map(Head::into_value).transpose()?;
    Ok(Change { revision: changed.new.revision, key: key.clone(), old, new: changed.new.into_value()? })
}

/// The reason for which nothing is removed.
enum NotRemoved {
    Absent,
    Failed(StoreError),
}

impl From<StoreError> for NotRemoved {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// Removes a key; false if it is absent.
pub(crate) async fn remove(store: &Store, target: &Target) -> Result<bool> {
    let next = |head: Option<&Head>| match head {
        Some(_) => Ok(removed(store, &target.key)),
        None => Err(NotRemoved::Absent),
    };
    match change(store, target, next).await {
        Ok(_) => Ok(true),
        Err(NotRemoved::Absent) => Ok(false),
        Err(NotRemoved::Failed(error)) => Err(error),
    }
}

/// The head of a key that is removed now.
pub(crate) fn removed(store: &Store, key: &str) -> Head {
    Head::removed(key, store.seconds() + LATE)
}
