//! Read-modify-write.

use super::{GetItem, PutItem, UpdateItem, write::Precondition};
use crate::{
    call::{Backoff, Explanation, Handle, metering::metered},
    direct::{self, Operation, PUT_ITEM, UPDATE_ITEM},
    entity::{Entity, KeyValues, Versioned},
    error::{KeyError, KeyErrorKind},
    observe::{self, Ending, Failed, Observing, OperationOutcome},
    outcome::{Error, NotFound},
    schema::primary_key,
};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use std::{convert::Infallible, fmt, marker::PhantomData, pin::pin, time::Duration};

/// Read-modify-write with optimistic locking: reads an entity, changes it and saves it, and retries on a version
/// conflict with exponential backoff and full jitter.
///
/// One strongly consistent GetItem, and an UpdateItem for each attempt. If another writer has changed the item, the
/// response has the stored entity, and that is changed and saved next. Between attempts it waits for a random time, up
/// to 10 milliseconds at first, which doubles up to a second.
///
/// ```
/// use dynamap::{Entity, Table, TableSchema, op::ModifyError, value::Version};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Desk;
/// #[derive(Debug, Entity)]
/// #[dynamap(table = Desk, pk = "NOTE#{id}")]
/// pub struct Note {
///     pub id: u32,
///     pub text: String,
///     #[dynamap(version)]
///     pub version: Version,
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let desk = Table::<Desk>::new(Local::memory()?.client(), "desk");
/// # desk.create_table_if_absent().send().await?;
/// # desk.create(&mut Note { id: 1, text: "milk".into(), version: Version::NEW }).send().await?;
/// // The closure runs once for each attempt, on the note as it is stored then. It may refuse.
/// let modified = desk
///     .repository::<Note>()
///     .modify(Note::key(1), |note| match note.text.len() {
///         0..100 => Ok(note.text.push_str(", bread")),
///         _ => Err("the note is full"),
///     })
///     .attempts(5)
///     .send()
///     .await;
/// match modified {
///     Ok(note) => assert_eq!(note.text, "milk, bread"),
///     Err(ModifyError::Refused(reason)) => panic!("{reason}"),
///     Err(error) => panic!("{error}"),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Modify<E: Versioned, R, F> {
    handle: Handle,
    key: E::Key,
    change: F,
    attempts: u32,
    of: PhantomData<fn() -> R>,
}

/// The reason why an entity was not modified. `R` is the refusal of the change.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModifyError<R> {
    /// The change refused.
    #[error("the change was refused")]
    Refused(#[source] R),
    /// There is no such entity, or it has expired.
    #[error(transparent)]
    NotFound(NotFound),
    /// A request failed. After the last attempt it is [`Error::VersionConflict`].
    #[error(transparent)]
    Table(#[from] Error),
}

/// Converts the error of a change that cannot refuse.
impl From<ModifyError<Infallible>> for Error {
    fn from(error: ModifyError<Infallible>) -> Self {
        match error {
            ModifyError::Refused(never) => match never {},
            ModifyError::NotFound(error) => error.into(),
            ModifyError::Table(error) => error,
        }
    }
}

impl<R> Failed for ModifyError<R> {
    fn ending(&self) -> Ending {
        match self {
            Self::Refused(_) => Ending::named(OperationOutcome::Error, "refused"),
            Self::NotFound(_) => Ending::named(OperationOutcome::Error, "not_found"),
            Self::Table(error) => error.ending(),
        }
    }
}

/// The name of the call in its span.
const CALL: &str = "Modify";

/// The pauses between two attempts.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(10), Duration::from_secs(1));

/// The default number of attempts.
const ATTEMPTS: u32 = 10;

impl<E: Versioned, R, F: FnMut(&mut E) -> Result<(), R>> Modify<E, R, F> {
    pub(crate) fn new(handle: Handle, key: E::Key, change: F) -> Self {
        Self { handle, key, change, attempts: ATTEMPTS, of: PhantomData }
    }

    /// Sets the most attempts to save, at least one. Default: ten.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    fn not_found(&self) -> ModifyError<R> {
        ModifyError::NotFound(NotFound::new(E::NAME, &self.handle.table))
    }

    /// The SDK's builder with the first request: a strongly consistent GetItem.
    ///
    /// The next request depends on the response: [`save`](crate::Repository::save) of the changed entity has that
    /// builder.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn into_sdk(self) -> crate::Result<GetItemFluentBuilder> {
        self.read().into_sdk()
    }

    /// The first request and its cost in capacity units; nothing is sent.
    ///
    /// After it comes the request that [`save`](crate::Repository::save) of the changed entity explains, once for each
    /// attempt.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn explain(self) -> crate::Result<Explanation> {
        self.read().explain()
    }

    fn read(&self) -> GetItem<E> {
        GetItem::new(self.handle.clone(), self.key.clone()).consistent_read()
    }

    /// The operation that [`write`](Self::write) sends.
    const WRITE: &'static Operation = if E::TAKES_ANY { &PUT_ITEM } else { &UPDATE_ITEM };

    /// Saves the entity; one with a flattened map holds all attributes of its item, also those that were taken out of it.
    async fn write(handle: Handle, entity: &mut E) -> crate::Result<()> {
        match E::TAKES_ANY {
            true => PutItem::new(handle, entity, Precondition::Present).send().await,
            false => UpdateItem::save(handle, entity).send().await,
        }
    }

    /// Refuses an entity that has another key than the one that was read: another item would be changed.
    fn check_key(&self, entity: &E) -> crate::Result<()> {
        let (read, changed) = (KeyValues::of(&self.key)?, KeyValues::of(&entity.to_key())?);
        let mut values = read.values().zip(changed.values()).zip(primary_key::<<E as Entity>::Table>());
        match values.find(|((read, changed), _)| read != changed) {
            Some((_, attribute)) => Err(KeyError::in_attribute(attribute.name, KeyErrorKind::Changed).into()),
            None => Ok(()),
        }
    }

    /// Runs the requests, and returns the entity as it was saved.
    ///
    /// # Errors
    /// The change refused, there is no such entity, or a request failed. [`Error::Key`]: the change has given the
    /// entity another key; nothing is written then. [`Error::Unknown`]: the last attempt got no response, and may have
    /// been applied.
    pub async fn send(self) -> Result<E, ModifyError<R>> {
        let observing = Observing::call(CALL, &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(mut self) -> Result<E, ModifyError<R>> {
        let mut entity = self.read().send().await?.ok_or_else(|| self.not_found())?;
        let mut backoff = BACKOFF;
        let mut left = self.attempts;
        loop {
            (self.change)(&mut entity).map_err(ModifyError::Refused)?;
            self.check_key(&entity)?;
            let error = match Self::write(self.handle.clone(), &mut entity).await {
                Ok(()) => return Ok(entity),
                Err(error) if left <= 1 => return Err(error.into()),
                Err(error) => error,
            };
            left -= 1;
            match &error {
                // The change begins anew, with the entity as it is.
                Error::VersionConflict(conflict) => match conflict.current::<E>() {
                    Some(current) => entity = current.map_err(Error::from)?,
                    // It is gone, or the service did not tell.
                    None => entity = self.read().send().await?.ok_or_else(|| self.not_found())?,
                },
                // The SDK has retried it. What the other transaction has written meanwhile would be a conflict.
                Error::Service(service) if direct::passes(service.kind()) => {
                    entity = self.read().send().await?.ok_or_else(|| self.not_found())?;
                }
                _ => return Err(error.into()),
            }
            observe::retry(Self::WRITE.name, None);
            self.handle.timer().sleep(backoff.next_pause()).await;
        }
    }
}

metered!([E: Versioned, R, F] Modify<E, R, F>, handle);

impl<E: Versioned, R, F> fmt::Debug for Modify<E, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modify")
            .field("entity", &E::NAME)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
