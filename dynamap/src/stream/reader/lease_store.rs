//! The requests for the lease table.

use super::{
    checkpoint::Checkpoint,
    lease::{Lease, LeaseApplication, LeaseTable},
    shard_graph::NewLease,
    start_at::{ApplicationStart, StartAt},
};
use crate::{
    error::ServiceError,
    known_fault::KnownFault,
    outcome::{Error, Result},
    table::Table,
    value::{EpochSeconds, Version},
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// The time after which a request without an answer is repeated, the SDK's own retries included.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The leases of one application for one stream, as one worker writes them.
#[derive(Clone)]
pub(super) struct LeaseStore {
    table: Table<LeaseTable>,
    application: Arc<str>,
    stream_arn: Arc<str>,
    worker: Arc<str>,
}

/// The outcome of a write of an owner.
#[derive(Debug)]
pub(super) enum LeaseWrite {
    Written(Lease),
    /// Another worker has asked for the lease meanwhile. The owner still has it, as it is stored now.
    AskedFor(Lease),
    /// Another worker has the lease, or it is not known who has.
    Lost,
    Failed(Error),
}

impl LeaseStore {
    pub(super) fn new(
        table: Table<LeaseTable>,
        application: Arc<str>,
        stream_arn: Arc<str>,
        worker: Arc<str>,
    ) -> Self {
        Self { table, application, stream_arn, worker }
    }

    /// The time by the clock of the table.
    pub(super) fn time(&self) -> EpochSeconds {
        self.table.time().into()
    }

    /// The worker that writes.
    pub(super) fn worker(&self) -> &Arc<str> {
        &self.worker
    }

    /// The outcome of a request, or an error if there is none in time. A client need not have a timeout of its own.
    async fn in_time<T>(
        &self,
        operation: &'static str,
        request: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        match timeout(REQUEST_TIMEOUT, request).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ServiceError::no_answer(operation, self.table.name()).into()),
        }
    }

    /// The first start of the application, which is noted if there was none (GetItem, PutItem).
    pub(super) async fn start(&self, start: StartAt) -> Result<ApplicationStart> {
        let key = || LeaseApplication::key(&*self.application, &*self.stream_arn);
        let mut is_new = false;
        let stored = match self.in_time("GetItem", self.table.get(key()).send()).await? {
            Some(stored) => stored,
            None => {
                let new = LeaseApplication {
                    application: self.application.to_string(),
                    stream_arn: self.stream_arn.to_string(),
                    start: ApplicationStart::new(start, self.time()).first_checkpoint(false),
                    started_at: self.time(),
                    initialized: false,
                };
                is_new = self.in_time("PutItem", self.table.create_if_absent(&new).send()).await?;
                if is_new {
                    new
                } else {
                    self.in_time("GetItem", self.table.get(key()).send()).await?.unwrap_or(new)
                }
            }
        };
        let start = ApplicationStart::new(StartAt::of_checkpoint(&stored.start), stored.started_at);
        Ok(ApplicationStart { is_initialized: stored.initialized, is_new, ..start })
    }

    /// Notes that all shards of the first listing have leases (UpdateItem).
    pub(super) async fn note_initialized(&self) -> Result<()> {
        let key = LeaseApplication::key(&*self.application, &*self.stream_arn);
        self.in_time(
            "UpdateItem",
            self.table.update(key).apply(LeaseApplication::INITIALIZED.set(true)).send(),
        )
        .await
    }

    /// All leases (Query, strongly consistent).
    pub(super) async fn list(&self) -> Result<Vec<Lease>> {
        let condition = Lease::partition(&*self.application, &*self.stream_arn);
        self.in_time("Query", self.table.query(condition).consistent_read().try_collect()).await
    }

    /// Creates a lease without an owner (PutItem). `None` if there is one already.
    pub(super) async fn create(&self, new: &NewLease) -> Result<Option<Lease>> {
        let mut lease = Lease {
            application: self.application.to_string(),
            stream_arn: self.stream_arn.to_string(),
            shard_id: new.shard.clone(),
            parent: new.parent.clone(),
            owner: None,
            handover: None,
            counter: 0,
            checkpoint: new.checkpoint.clone(),
            version: Version::NEW,
        };
        match self.in_time("PutItem", self.table.create_if_absent(&mut lease).send()).await {
            Ok(true) => Ok(Some(lease)),
            // Another worker was faster: the next list of leases has it.
            Ok(false) => Ok(None),
            // Also one of an unknown outcome: no child has a lease before its parent.
            Err(error) => Err(error),
        }
    }

    /// Takes a lease that is free (UpdateItem). `None` if another worker has it.
    pub(super) async fn acquire(&self, mut lease: Lease) -> Result<Option<Lease>> {
        lease.owner = Some(self.worker.to_string());
        lease.handover = None;
        lease.counter += 1;
        match self.in_time("UpdateItem", self.table.save(&mut lease).send()).await {
            Ok(()) => Ok(Some(lease)),
            // An unknown outcome counts as lost. If it was applied, this worker is the owner, and acquires it anew.
            Err(Error::VersionConflict(_) | Error::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks the owner of a lease to give it to this worker, once it has finished what it has begun (UpdateItem).
    pub(super) async fn ask_for(&self, mut lease: Lease) -> Result<()> {
        lease.handover = Some(self.worker.to_string());
        match self.in_time("UpdateItem", self.table.save(&mut lease).send()).await {
            // The owner has renewed it in between: there is another turn.
            Ok(()) | Err(Error::VersionConflict(_) | Error::Unknown(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes a lease of this worker, as `change` changes it (UpdateItem): only if it still has the lease.
    pub(super) async fn write(&self, lease: &Lease, change: impl Fn(&mut Lease)) -> LeaseWrite {
        let owner = Lease::OWNER.eq(self.worker.to_string());
        let mut written = lease.clone();
        change(&mut written);
        written.counter += 1;
        let saved = match self.table.save(&mut written).condition(owner).send().await {
            // The write is sent again as it was: it is applied once, or never.
            Err(Error::Unknown(unknown)) => {
                let resolved = unknown.resolve().await;
                match resolved {
                    Ok(()) => return self.read_back(lease, &written).await,
                    Err(error) => Err(error),
                }
            }
            saved => saved,
        };
        let outcome = match saved {
            Ok(()) => return LeaseWrite::Written(written),
            Err(Error::VersionConflict(conflict)) => self.after_conflict(lease, conflict.current::<Lease>()),
            Err(Error::ConditionFailed(_) | Error::Unknown(_)) => LeaseWrite::Lost,
            Err(error) => return LeaseWrite::Failed(error),
        };
        match outcome {
            LeaseWrite::Lost if KnownFault::UnfencedCheckpoint.is_back() => {
                self.write_unfenced(written).await
            }
            outcome => outcome,
        }
    }

    /// A conflict with a worker that has only asked for the lease is none.
    fn after_conflict<E>(&self, lease: &Lease, current: Option<Result<Lease, E>>) -> LeaseWrite {
        let is_own = |current: &Lease| {
            current.owner.as_deref() == Some(&*self.worker) && current.counter == lease.counter
        };
        match current {
            Some(Ok(current)) if is_own(&current) => LeaseWrite::AskedFor(current),
            _ => LeaseWrite::Lost,
        }
    }

    /// The lease after a write whose outcome was not known at first.
    async fn read_back(&self, lease: &Lease, written: &Lease) -> LeaseWrite {
        let read = self.table.get(Lease::key(&*self.application, &*self.stream_arn, &*lease.shard_id));
        match read.consistent_read().send().await {
            Ok(Some(stored)) if stored.owner == written.owner && stored.counter == written.counter => {
                LeaseWrite::Written(stored)
            }
            Ok(_) => LeaseWrite::Lost,
            Err(error) => LeaseWrite::Failed(error),
        }
    }

    /// Writes a checkpoint whoever has the lease: a fault that is put back.
    async fn write_unfenced(&self, mut written: Lease) -> LeaseWrite {
        let key = Lease::key(&*self.application, &*self.stream_arn, &*written.shard_id);
        let checkpoint = Lease::CHECKPOINT.set(written.checkpoint.clone());
        let update = self.table.update(key).ignore_version().apply(checkpoint).return_new();
        match update.send().await {
            Ok(stored) => {
                written.version = stored.version;
                LeaseWrite::Written(written)
            }
            Err(error) => LeaseWrite::Failed(error),
        }
    }

    /// Deletes the lease of a shard that the stream does not have any more (DeleteItem).
    pub(super) async fn delete(&self, lease: &Lease) -> Result<()> {
        let key = Lease::key(&*self.application, &*self.stream_arn, &*lease.shard_id);
        match self.in_time("DeleteItem", self.table.delete(key).expect_version(&lease.version).send()).await {
            // Another worker was faster.
            Ok(()) | Err(Error::VersionConflict(_) | Error::ConditionFailed(_) | Error::Unknown(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Lease {
    /// True if no worker has had the lease so far.
    pub(super) fn is_new(&self) -> bool {
        self.counter == 0
    }

    /// Gives the lease back, or to the worker that has asked for it.
    pub(super) fn give_back(&mut self) {
        self.owner = self.handover.take();
    }

    /// Notes the end of the shard, which nobody reads any more.
    pub(super) fn finish(&mut self) {
        (self.checkpoint, self.owner, self.handover) = (Checkpoint::ShardEnd, None, None);
    }
}
