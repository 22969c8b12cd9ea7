//! Effects of changes that happen once, however often a change is delivered.

use crate::{
    entity::{Entity, EntityOf},
    op::{TransactWriteItems, write::Writable},
    outcome::{ConditionFailure, Error, Result, TransactionCanceled},
    schema::TableSchema,
};

/// The outcome of an effect that happens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "an effect that was there before may need another answer"]
pub enum EffectOutcome {
    /// The transaction was applied by this call.
    Applied,
    /// The transaction was applied before, by another delivery of the change: this call has written nothing.
    AlreadyApplied,
}

impl<'a, S: TableSchema> TransactWriteItems<'a, S> {
    /// Runs the transaction once for a change: together with it creates `effect`, an entity whose key is made of the id of
    /// the change ([`OperationId`](crate::stream::OperationId)).
    ///
    /// A change may be delivered again, also while the first delivery is still handled, or after its handler was killed. If
    /// `effect` is there, its transaction was applied, and nothing is written. Name the consumer in the key, if there are
    /// several, and let the entity expire by its time to live: some days after the retention of the stream, which
    /// is 24 hours, since an expired effect would be applied again.
    ///
    /// It costs what the transaction costs, with one more action: 2 write capacity units (WCU) for each 1 KB of
    /// the effect. Lost responses are resolved as by [`send`](Self::send), and
    /// [`UnknownOutcome::resolve`](crate::outcome::UnknownOutcome::resolve) is called once.
    ///
    /// ```
    /// use dynamap::{Entity, Table, TableSchema, stream::{EffectOutcome, OperationId}, value::EpochSeconds};
    /// # use dynamap_local::Local;
    ///
    /// #[derive(TableSchema)]
    /// #[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
    /// pub struct Views;
    ///
    /// #[derive(Debug, Entity)]
    /// #[dynamap(table = Views, pk = "EFFECT#{consumer}#{id}", sk = "EFFECT")]
    /// pub struct Effect {
    ///     pub consumer: String,
    ///     pub id: OperationId,
    ///     #[dynamap(ttl)]
    ///     pub expires_at: EpochSeconds,
    /// }
    ///
    /// #[derive(Debug, Entity)]
    /// #[dynamap(table = Views, pk = "PRODUCT#{id}", sk = "SALES")]
    /// pub struct Sales {
    ///     pub id: u32,
    ///     pub sold: u64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let views = Table::<Views>::new(Local::memory()?.client(), "views");
    /// # views.create_table_if_absent().send().await?;
    /// # let in_a_week = EpochSeconds(4_000_000_000);
    /// // In a handler: `record.operation_id()`.
    /// let id = OperationId::from("3be1a2b3c4");
    /// for expected in [EffectOutcome::Applied, EffectOutcome::AlreadyApplied] {
    ///     let effect = Effect { consumer: "sales".into(), id: id.clone(), expires_at: in_a_week };
    ///     let sales = views.upsert(Sales::key(7)).apply(Sales::SOLD.add(2));
    ///     assert_eq!(views.transact_write().update(sales).send_once(&effect).await?, expected);
    /// }
    /// assert_eq!(views.get(Sales::key(7)).send().await?.map(|sales| sales.sold), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The same as those of [`send`](Self::send). [`Error::TransactionCanceled`] if another action was refused and the effect
    /// is not there, or if an item of another entity has the key of the effect.
    pub async fn send_once<'w: 'a, W: Writable<'w, Entity: EntityOf<S>>>(
        self,
        effect: W,
    ) -> Result<EffectOutcome> {
        let position = self.len();
        let outcome = match self.create(effect).send().await {
            Err(Error::Unknown(unknown)) => unknown.resolve().await,
            outcome => outcome,
        };
        let canceled = match &outcome {
            Ok(()) => return Ok(EffectOutcome::Applied),
            Err(Error::TransactionCanceled(canceled)) => Some(canceled),
            // A lost attempt may still arrive, and is refused then: the effect is there.
            Err(Error::Unknown(unknown)) => unknown.cancellation(),
            Err(_) => None,
        };
        match canceled.is_some_and(|canceled| is_refused_by::<W::Entity>(canceled, position)) {
            true => Ok(EffectOutcome::AlreadyApplied),
            false => outcome.map(|()| EffectOutcome::Applied),
        }
    }
}

/// Returns true if the transaction was cancelled since there is the entity `E` that its action at `position` was to
/// create.
fn is_refused_by<E: Entity>(canceled: &TransactionCanceled, position: usize) -> bool {
    canceled.refused().any(|reason| {
        reason.position() == position
            && reason.entity() == E::NAME
            && reason.condition_failure() == Some(ConditionFailure::Exists)
    })
}
