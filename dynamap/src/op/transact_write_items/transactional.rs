use super::{
    action::Action,
    rounds,
    settings::{TransactWriteSettings, explain, request, writes_alone},
};
use crate::{
    call::{Explanation, Handle, metering::metered, transaction_retry::RetryTimeout},
    direct::TRANSACT_WRITE_ITEMS,
    entity::Entity,
    op::{DeleteItem, PutItem, UpdateItem, update_item::Nothing, write::version_choice::VersionChoice},
    outcome::{InvalidTransaction, Result},
};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use std::{fmt, time::Duration};

/// A write that is sent as a transaction of its own, so that it is applied once also where responses are lost.
///
/// One
/// [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)
/// request, of one action or of up to 100 on different items, of 4 MB together. It costs twice the single writes: two
/// write capacity units (WCU) for each 1 KB of each item, rounded up, also for a check and where the transaction is
/// cancelled.
#[must_use = "a request does nothing until it is sent"]
pub struct Transactional<'a> {
    handle: Handle,
    action: Action<'a>,
    settings: TransactWriteSettings,
}

impl<'a, E: Entity> PutItem<'a, E> {
    /// Sends it as a transaction of its own, at twice the write capacity units: it is applied once, also where a
    /// response is lost.
    pub fn transactional(self) -> Transactional<'a> {
        Transactional::new(self.handle.clone(), self.into_action())
    }
}

impl<'a, E: Entity, C> UpdateItem<'a, E, Nothing, C> {
    /// Sends it as a transaction of its own, at twice the write capacity units: it is applied once, also where a
    /// response is lost and a second attempt would count twice.
    pub fn transactional(self) -> Transactional<'a>
    where
        C: VersionChoice<E>,
    {
        Transactional::new(self.handle.clone(), self.into_action())
    }
}

impl<E: Entity, C> DeleteItem<E, Nothing, C> {
    /// Sends it as a transaction of its own, at twice the write capacity units: it deletes once, also where a response
    /// is lost.
    pub fn transactional(self) -> Transactional<'static>
    where
        C: VersionChoice<E>,
    {
        Transactional::new(self.handle.clone(), self.into_action())
    }
}

impl<'a> Transactional<'a> {
    fn new(handle: Handle, action: Action<'a>) -> Self {
        Self { handle, action, settings: TransactWriteSettings::default() }
    }

    /// Sends this idempotency token (`ClientRequestToken`, 1 to 36 characters) instead of a random one.
    ///
    /// DynamoDB takes two requests with one token within ten minutes for one, and refuses the second if it differs from
    /// the first.
    pub fn client_request_token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = Some(token.into());
        self
    }

    /// Sets the time for which it is sent again, with exponential backoff and full jitter. Default: 30 seconds. It is
    /// 4 minutes at most: DynamoDB forgets the idempotency token after ten, and an attempt may be late by five.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.settings.retry_timeout = RetryTimeout::of(time);
        self
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// As the `into_sdk` of the write; also if its item or the token is too long.
    pub fn into_sdk(self) -> Result<TransactWriteItemsFluentBuilder> {
        let Self { handle, action, settings } = self;
        let writes = writes_alone(&handle, vec![action], true)?;
        let token = settings.token(&handle).map_err(InvalidTransaction::into_only)?;
        Ok(request(&handle, writes, token))
    }

    /// The request and its cost in capacity units; nothing is sent. An idempotency token is shown if it was given.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        explain(&self.handle, vec![self.action], &self.settings, true)
    }

    /// Runs the request.
    ///
    /// # Errors
    /// Those of the write: [`Error::ConditionFailed`](crate::Error::ConditionFailed) and
    /// [`Error::VersionConflict`](crate::Error::VersionConflict) with the stored entity, and where the request fails.
    /// [`Error::Unknown`](crate::Error::Unknown), with its token: an attempt got no response, and no later one could tell if it
    /// was applied.
    pub async fn send(mut self) -> Result<()> {
        let observing = self.handle.observe_several(&TRANSACT_WRITE_ITEMS, None);
        observing.watch(Box::pin(self.run()).as_mut(), |()| 1).await
    }

    async fn run(self) -> Result<()> {
        let Self { handle, action, settings } = self;
        rounds::run(handle, vec![action], &settings, true).await
    }
}

metered!(['a] Transactional<'a>, handle);

impl fmt::Debug for Transactional<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transactional").field("action", &self.action.to_string()).finish_non_exhaustive()
    }
}
