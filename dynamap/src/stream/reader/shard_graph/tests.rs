#![allow(clippy::unwrap_used)]

use super::*;
use crate::{stream::reader::StartAt, value::EpochSeconds};
use proptest::prelude::*;
use std::{
    collections::BTreeSet,
    time::{Duration, UNIX_EPOCH},
};

const T0: EpochSeconds = EpochSeconds(1_790_000_000);

fn shard(id: &str, parent: Option<&str>, closed: bool) -> ListedShard {
    let starts_at = id.trim_start_matches('s').parse().ok();
    ListedShard { id: id.into(), parent: parent.map(str::to_owned), starts_at, closed }
}

fn graph(shards: Vec<ListedShard>) -> ShardGraph {
    let mut graph = ShardGraph::default();
    graph.list_all(shards);
    graph
}

fn start(start: StartAt, is_initialized: bool, is_new: bool) -> ApplicationStart {
    ApplicationStart { start, started_at: T0, is_initialized, is_new }
}

fn checkpoints(graph: &ShardGraph, start: ApplicationStart, leased: &[&str]) -> Vec<(String, Checkpoint)> {
    let lease_of = |id: &str| {
        if leased.contains(&id) { LeaseState::Unfinished } else { LeaseState::Absent }
    };
    let leases = graph.new_leases(&start, lease_of).into_iter();
    leases.map(|lease| (lease.shard, lease.checkpoint)).collect()
}

fn absent(_: &str) -> LeaseState {
    LeaseState::Absent
}

#[test]
fn the_first_start_is_for_the_shards_that_are_there() {
    let graph =
        graph(vec![shard("s1", None, true), shard("s2", Some("s1"), false), shard("s3", Some("s2"), false)]);
    let of = |at, is_new| checkpoints(&graph, start(at, false, is_new), &[]);
    let all = |checkpoint: Checkpoint| ["s1", "s2", "s3"].map(|id| (id.to_owned(), checkpoint.clone()));
    for is_new in [true, false] {
        assert_eq!(of(StartAt::TrimHorizon, is_new), all(Checkpoint::TrimHorizon));
        let time = UNIX_EPOCH + Duration::from_millis(7_900);
        assert_eq!(of(StartAt::Time(time), is_new), all(Checkpoint::From(EpochSeconds(7))));
    }
    let mut latest = all(Checkpoint::Latest(T0));
    // It may have been closed after the start, which another worker did not complete.
    assert_eq!(of(StartAt::Latest, false), latest);
    latest[0].1 = Checkpoint::ShardEnd;
    assert_eq!(of(StartAt::Latest, true), latest);
}

/// A reader that opened children at LATEST lost what was written between the split and the listing.
#[test]
fn children_are_read_from_their_beginning() {
    let graph =
        graph(vec![shard("s1", None, true), shard("s2", Some("s1"), false), shard("s3", None, false)]);
    for at in [StartAt::TrimHorizon, StartAt::Latest] {
        let expected = [("s3", 3), ("s2", 2)]
            .map(|(id, first)| (id.to_owned(), Checkpoint::At(first.to_string().parse().unwrap())));
        assert_eq!(checkpoints(&graph, start(at, true, false), &["s1"]), expected);
    }
    let at = start(StartAt::Time(UNIX_EPOCH), true, false);
    assert_eq!(checkpoints(&graph, at, &["s1", "s3"]), [("s2".into(), Checkpoint::From(EpochSeconds(0)))]);
}

/// The parent was written and trimmed while no worker ran.
#[test]
fn a_shard_whose_parent_was_never_seen_begins_with_a_gap() {
    let mut graph = graph(vec![shard("s3", Some("s2"), false)]);
    graph.note_removed("s2".into());
    for at in [StartAt::TrimHorizon, StartAt::Latest, StartAt::Time(UNIX_EPOCH)] {
        assert_eq!(checkpoints(&graph, start(at, true, false), &["s1"]), [("s3".into(), Checkpoint::Gap)]);
        // Of the parent there is a lease at least.
        assert_ne!(checkpoints(&graph, start(at, true, false), &["s2"]), [("s3".into(), Checkpoint::Gap)]);
    }
}

/// A child can be listed before its parent.
#[test]
fn a_shard_whose_parent_is_not_listed_yet_waits() {
    let mut graph = graph(vec![shard("s3", Some("s2"), false), shard("s4", Some("s3"), false)]);
    for is_initialized in [false, true] {
        let at = start(StartAt::TrimHorizon, is_initialized, !is_initialized);
        let ids = |leased| checkpoints(&graph, at, leased).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(
            ids(&[]),
            [] as [String; 0],
            "another worker would take s3, which has no lease, as removed"
        );
        assert_eq!(graph.unlisted_parents(absent), BTreeSet::from(["s2".to_owned()]));
        assert_eq!(ids(&["s2"]), ["s3", "s4"]);
    }
    graph.add(vec![shard("s2", None, true)]);
    assert_eq!(graph.unlisted_parents(absent), BTreeSet::new());
    assert_eq!(checkpoints(&graph, start(StartAt::TrimHorizon, true, false), &[]).len(), 3);
}

/// Readers waited forever for a parent that the stream did not have any more, or crashed.
#[test]
fn a_parent_that_was_removed_is_not_waited_for() {
    let graph = graph(vec![shard("s2", Some("s1"), false)]);
    assert!(graph.may_be_read(Some("s1"), absent));
    assert!(graph.may_be_read(None, absent));
    // It is listed, and its lease is about to be made.
    assert!(!graph.may_be_read(Some("s2"), absent));
    assert!(!graph.may_be_read(Some("s1"), |_| LeaseState::Unfinished));
    assert!(graph.may_be_read(Some("s2"), |_| LeaseState::Finished));
}

#[test]
fn a_shard_is_gone_when_it_was_missing_twice() {
    let mut graph = graph(vec![shard("s1", None, true)]);
    graph.remember("s0", None);
    graph.remember("s1", None);
    assert!(!graph.is_gone("s0") && !graph.is_gone("s1") && graph.is_gone("unknown"));
    graph.list_all(vec![]);
    assert!(graph.is_gone("s0") && !graph.is_gone("s1") && !graph.is_listed("s1"));
    graph.add(vec![shard("s1", None, true)]);
    graph.list_all(vec![]);
    assert!(!graph.is_gone("s1"), "it was there again");
    graph.list_all(vec![]);
    assert!(graph.is_gone("s1"));
    graph.forget("s1");
    assert!(graph.is_gone("s1") && !graph.is_listed("s1"));
}

#[test]
fn a_circle_of_parents_is_no_endless_walk() {
    let graph = graph(vec![shard("s1", Some("s2"), true), shard("s2", Some("s1"), true)]);
    assert_eq!(graph.new_leases(&start(StartAt::TrimHorizon, false, true), absent).len(), 2);
}

proptest! {
    /// Shards are read in any order that the rule allows, and some are removed from the stream meanwhile.
    #[test]
    fn each_shard_is_read_after_its_ancestors(
        parents in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        roots in prop::collection::vec(prop::bool::weighted(0.2), 40),
        choices in prop::collection::vec((any::<prop::sample::Index>(), prop::bool::weighted(0.2)), 200),
    ) {
        let id = |at: usize| format!("s{at:03}");
        let parent_of = |at: usize| (at > 0 && !roots[at]).then(|| parents[at].index(at));
        let shards = |from: usize| -> Vec<ListedShard> {
            (from..parents.len()).map(|at| shard(&id(at), parent_of(at).map(id).as_deref(), true)).collect()
        };
        let (mut trimmed, mut leases) = (0, BTreeMap::new());
        let mut graph = graph(shards(0));
        let lease_of = |leases: &BTreeMap<String, LeaseState>, id: &str| {
            leases.get(id).copied().unwrap_or(LeaseState::Absent)
        };
        for new in graph.new_leases(&start(StartAt::TrimHorizon, false, true), |id| lease_of(&leases, id)) {
            let parent_is_leased = new.parent.as_ref().is_none_or(|parent| leases.contains_key(parent));
            prop_assert!(parent_is_leased, "parents come first");
            leases.insert(new.shard, LeaseState::Unfinished);
        }
        prop_assert_eq!(leases.len(), parents.len());
        let mut read = BTreeSet::new();
        for (choice, trims) in choices {
            if trims && trimmed + 1 < parents.len() {
                trimmed += 1;
                graph.list_all(shards(trimmed));
            }
            let at = choice.index(parents.len());
            let may = graph.may_be_read(parent_of(at).map(id).as_deref(), |id| lease_of(&leases, id));
            prop_assert_eq!(may, parent_of(at).is_none_or(|parent| read.contains(&parent)));
            if may {
                read.insert(at);
                leases.insert(id(at), LeaseState::Finished);
            }
        }
        // Nothing waits forever: one pass from the oldest to the youngest reads the rest.
        for at in 0..parents.len() {
            prop_assert!(graph.may_be_read(parent_of(at).map(id).as_deref(), |id| lease_of(&leases, id)));
            leases.insert(id(at), LeaseState::Finished);
        }
    }
}
