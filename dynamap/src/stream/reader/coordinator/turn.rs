//! One turn of a worker: it looks at the shards and at the leases, and acts.

use super::{
    super::{
        lease::Lease,
        lease_board::LeaseFacts,
        reader_error::StreamReaderError,
        shard_graph::{LeaseState, ShardGraph},
        start_at::ApplicationStart,
    },
    Coordinator,
};
use std::collections::BTreeMap;
use tokio::time::Instant;

/// The leases by their shards.
type Leases = BTreeMap<String, Lease>;

impl Coordinator {
    /// One turn. True if the stream has ended, and all its shards are read.
    pub(super) async fn turn(&mut self) -> Result<bool, StreamReaderError> {
        let begun = Instant::now();
        let leases = self.store.list().await?;
        let mut leases: Leases = leases.into_iter().map(|lease| (lease.shard_id.clone(), lease)).collect();
        let listed = match begun >= self.list_at {
            true => self.list(&mut leases).await,
            false => Ok(()),
        };
        match &listed {
            // What is known suffices to go on.
            Err(error) if error.is_transient() && self.start.is_some() => {}
            Err(_) => return listed.map(|()| false),
            Ok(()) => {}
        }
        self.board.observe(self.facts(&leases), Instant::now());
        let plan = self.board.plan(&self.running, self.config.max_shards, begun);
        for shard in plan.acquire {
            if *self.shutdown.borrow() {
                return Ok(false);
            }
            self.acquire(leases.get(&shard)).await?;
        }
        if let Some(lease) = plan.ask_for.and_then(|shard| leases.get(&shard)) {
            tracing::debug!(shard = %lease.shard_id, worker = %self.store.worker(), "lease asked for");
            self.store.ask_for(lease.clone()).await?;
        }
        listed?;
        let is_done = self.running.is_empty()
            && leases.values().all(|lease| lease.checkpoint.is_end())
            && self.graph.listed().all(|shard| state_of(&leases, shard) == LeaseState::Finished);
        Ok(is_done && !self.is_enabled)
    }

    async fn acquire(&mut self, lease: Option<&Lease>) -> Result<(), StreamReaderError> {
        let Some(lease) = lease else { return Ok(()) };
        let (is_first, begun) = (lease.is_new(), Instant::now());
        if let Some(lease) = self.store.acquire(lease.clone()).await? {
            self.open(lease, is_first, begun);
        }
        Ok(())
    }

    /// Lists the shards, and creates the leases that they lack.
    async fn list(&mut self, leases: &mut Leases) -> Result<(), StreamReaderError> {
        let listing = self.calls.list_shards().await?;
        self.is_enabled = listing.is_enabled;
        self.graph.list_all(listing.shards);
        self.list_children().await?;
        leases.values().for_each(|lease| self.graph.remember(&lease.shard_id, lease.parent.as_deref()));
        let start = match self.start {
            Some(start) => start,
            None => self.store.start(self.config.start_at).await?,
        };
        let is_complete = self.find_unlisted_parents(leases).await?;
        self.create(&start, leases).await?;
        if !start.is_initialized && is_complete {
            self.store.note_initialized().await?;
        }
        let is_initialized = start.is_initialized || is_complete;
        self.start = Some(ApplicationStart { is_initialized, is_new: false, ..start });
        self.delete_old(leases).await?;
        self.plan_listing();
        Ok(())
    }

    /// Lists the children of finished shards by themselves: with many shards they are in a late page of the whole list.
    async fn list_children(&mut self) -> Result<(), StreamReaderError> {
        for shard in &self.finished {
            match self.calls.list_children(shard).await {
                Ok(children) => self.graph.add(children),
                // A service that does not know the filter lists them with all others.
                Err(error @ StreamReaderError::StreamNotFound { .. }) => return Err(error),
                Err(error) => {
                    tracing::debug!(error = &error as &dyn std::error::Error, "children not listed")
                }
            }
        }
        Ok(())
    }

    /// Looks for the parents of new shards that the listing does not have. False if one is only not listed yet.
    async fn find_unlisted_parents(&mut self, leases: &Leases) -> Result<bool, StreamReaderError> {
        let mut is_complete = true;
        for parent in self.graph.unlisted_parents(|shard| state_of(leases, shard)) {
            match self.calls.has_shard(&parent).await? {
                true => is_complete = false,
                false => self.graph.note_removed(parent),
            }
        }
        Ok(is_complete)
    }

    async fn create(
        &mut self,
        start: &ApplicationStart,
        leases: &mut Leases,
    ) -> Result<(), StreamReaderError> {
        for new in self.graph.new_leases(start, |shard| state_of(leases, shard)) {
            // Where another worker was faster, the next list of leases has it.
            if let Some(lease) = self.store.create(&new).await? {
                leases.insert(new.shard, lease);
            }
        }
        Ok(())
    }

    /// Deletes the leases of shards that the stream does not have any more. The leases of their children are there.
    async fn delete_old(&mut self, leases: &mut Leases) -> Result<(), StreamReaderError> {
        let is_old = |lease: &&Lease| lease.checkpoint.is_end() && self.graph.is_gone(&lease.shard_id);
        let old: Vec<Lease> = leases.values().filter(is_old).cloned().collect();
        for lease in old {
            self.store.delete(&lease).await?;
            self.graph.forget(&lease.shard_id);
            leases.remove(&lease.shard_id);
        }
        self.graph.retain_leased(|shard| leases.contains_key(shard));
        Ok(())
    }

    /// Sets the time of the next listing: soon, where a finished shard has no children yet.
    fn plan_listing(&mut self) {
        let now = Instant::now();
        let graph: &ShardGraph = &self.graph;
        self.finished.retain(|shard| graph.is_listed(shard) && !graph.has_children(shard));
        let pause = match self.finished.is_empty() || !self.is_enabled {
            true => self.config.listing_interval,
            false => {
                let pause = self.child_listings.limit();
                self.child_listings.grow();
                pause.min(self.config.listing_interval)
            }
        };
        self.list_at = now + pause;
    }

    fn facts(&self, leases: &Leases) -> Vec<LeaseFacts> {
        let may_be_read =
            |lease: &Lease| self.graph.may_be_read(lease.parent.as_deref(), |shard| state_of(leases, shard));
        let facts = leases.values().map(|lease| LeaseFacts {
            shard: lease.shard_id.clone(),
            owner: lease.owner.clone(),
            handover: lease.handover.clone(),
            counter: lease.counter,
            is_active: !lease.checkpoint.is_end() && may_be_read(lease),
        });
        facts.collect()
    }
}

fn state_of(leases: &Leases, shard: &str) -> LeaseState {
    match leases.get(shard) {
        None => LeaseState::Absent,
        Some(lease) if lease.checkpoint.is_end() => LeaseState::Finished,
        Some(_) => LeaseState::Unfinished,
    }
}
