//! Writes of several tables in one queue.

use super::*;

fn of_tables(tables: usize, writes: &[(usize, &str)]) -> Queue {
    let mut queue = Queue::new(LIMITS, tables);
    for (position, (table, key)) in (0..).zip(writes) {
        queue.push(write_to(*table, position, key));
    }
    queue
}

/// Runs the queue, with an answer for the tables of each request; gives the fates, and the tables of the requests.
fn run(
    queue: &mut Queue,
    answer: impl Fn(&[usize]) -> BatchOutcome,
) -> (HashMap<u64, WriteOutcome>, Vec<Vec<usize>>) {
    let (mut pace, mut fates, mut requests) = (patient(), HashMap::new(), Vec::new());
    while let Some(chunk) = queue.next(true, Instant::now()) {
        let tables = chunk.tables();
        let answer = answer(&tables);
        requests.push(tables);
        fates.extend(settle(queue, chunk, &answer, false, &mut pace));
        assert!(requests.len() < 1000, "it never ends");
    }
    assert!(queue.is_empty() && queue.bytes == 0);
    (fates, requests)
}

#[test]
fn equal_keys_of_two_tables_are_two_items_in_one_request() {
    let mut queue = of_tables(2, &[(0, "a"), (1, "a"), (0, "a"), (1, "b")]);
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert_eq!(positions(&chunk), [2, 1, 3]);
    assert_eq!((chunk.only_table(), chunk.tables()), (None, vec![0, 1]));
    assert_eq!((chunk.writes_to(0).count(), chunk.writes_to(1).count()), (1, 2));
    // That of the other table was not processed.
    let left = processed_but_of([(1, "a")].into_iter());
    let fates = settle(&mut queue, chunk, &left, false, &mut patient());
    assert_eq!(
        fates,
        [(0, WriteOutcome::Superseded), (2, WriteOutcome::Written), (3, WriteOutcome::Written)]
    );
    let rest = queue.next(true, Instant::now()).unwrap();
    assert_eq!((positions(&rest), rest.only_table()), (vec![1], Some(1)));
}

#[test]
fn a_request_has_twenty_five_writes_of_all_tables_together() {
    let mut queue = Queue::new(Limits { writes: 1000, bytes: 1 << 30 }, 3);
    for position in 0..60 {
        queue.push(write_to(position as usize % 3, position, &position.to_string()));
    }
    let sizes: Vec<usize> =
        std::iter::from_fn(|| queue.next(true, Instant::now())).map(|chunk| chunk.writes.len()).collect();
    assert_eq!(sizes, [25, 25, 10]);
}

/// A table that is not there: what goes to the others is written.
#[test]
fn a_table_that_is_refused_does_not_stop_the_others() {
    let writes: Vec<(usize, String)> = (0..90).map(|number| (number % 3, number.to_string())).collect();
    let writes: Vec<(usize, &str)> = writes.iter().map(|(table, key)| (*table, key.as_str())).collect();
    let mut queue = of_tables(3, &writes);
    let (fates, requests) = run(&mut queue, |tables| match tables.contains(&1) {
        true => BatchOutcome::Refused,
        false => processed_but(&[]),
    });
    for (position, (table, _)) in (0..).zip(&writes) {
        let expected = if *table == 1 { WriteOutcome::NotWritten } else { WriteOutcome::Written };
        assert_eq!(fates[&position], expected, "{position}");
    }
    // Those of the others are together again once one of them was processed.
    assert!(
        requests.iter().filter(|tables| tables.contains(&1) && tables.len() > 1).count() == 1,
        "{requests:?}"
    );
}

/// Tables that are refused only together are written by themselves.
#[test]
fn tables_that_are_refused_together_are_written_apart() {
    let writes: Vec<(usize, String)> = (0..80).map(|number| (number / 10 % 2, number.to_string())).collect();
    let writes: Vec<(usize, &str)> = writes.iter().map(|(table, key)| (*table, key.as_str())).collect();
    let (fates, _) = run(&mut of_tables(2, &writes), |tables| match tables.len() {
        1 => processed_but(&[]),
        _ => BatchOutcome::Refused,
    });
    assert!(fates.len() == 80 && fates.values().all(|fate| *fate == WriteOutcome::Written));
}

/// An attempt without a response, then a refusal of the request of two tables, then one of the table alone.
#[test]
fn what_may_have_been_applied_stays_unknown_when_it_is_divided() {
    let (mut queue, mut pace, mut fates) = (of_tables(2, &[(0, "a"), (1, "b")]), patient(), Vec::new());
    let chunk = queue.next(true, Instant::now()).unwrap();
    assert_eq!(settle(&mut queue, chunk, &BatchOutcome::Refused, true, &mut pace), []);
    for answer in [BatchOutcome::Refused, processed_but(&[])] {
        let chunk = queue.next(true, Instant::now()).unwrap();
        fates.extend(settle(&mut queue, chunk, &answer, false, &mut pace));
    }
    assert_eq!(fates, [(0, WriteOutcome::Unknown), (1, WriteOutcome::Written)]);
}

/// Writes of two tables that take turns, of which one is not there.
#[test]
fn a_table_that_is_refused_does_not_divide_the_writes_of_the_other() {
    let writes: Vec<(usize, String)> = (0..90).map(|number| (number % 2, number.to_string())).collect();
    let writes: Vec<(usize, &str)> = writes.iter().map(|(table, key)| (*table, key.as_str())).collect();
    let (fates, requests) = run(&mut of_tables(2, &writes), |tables| match tables.contains(&1) {
        true => BatchOutcome::Refused,
        false => processed_but(&[]),
    });
    assert_eq!(fates.values().filter(|fate| **fate == WriteOutcome::Written).count(), 45);
    assert!(requests.len() <= 8, "{requests:?}");
}
