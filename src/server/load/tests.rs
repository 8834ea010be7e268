//! The accounting of a worker, and which connection it closes.

use super::*;

fn worker(connections: usize, bytes: usize) -> Rc<WorkerLoad> {
    WorkerLoad::new(Limits { connections, bytes })
}

/// Pretends that the connection has made no progress for this long.
fn age(connection: &ConnectionLoad, seconds: u64) {
    let progress = &connection.facts.progress;
    progress.set(progress.get().checked_sub(Duration::from_secs(seconds)).unwrap());
}

#[test]
fn the_memory_of_a_connection_counts_until_it_is_dropped() {
    let worker = worker(9, 1 << 30);
    let (one, other) = (worker.connect(), worker.connect());
    one.sent(100);
    one.sent(10 * IN_KERNEL);
    assert_eq!(worker.bytes.get(), IN_KERNEL);
    one.stalled(Waiting::Own(7));
    one.stalled(Waiting::Own(5));
    assert_eq!(worker.bytes.get(), IN_KERNEL + 5);
    let document = Waiting::Document { first: 77, length: 1000 };
    other.stalled(document);
    other.stalled(document);
    one.finished();
    one.stalled(document);
    assert_eq!(worker.bytes.get(), 2 * IN_KERNEL + 1000, "a document counts once");
    other.finished();
    assert_eq!(worker.bytes.get(), 2 * IN_KERNEL + 1000);
    drop(one);
    assert_eq!(worker.bytes.get(), IN_KERNEL);
    assert!(!other.request());
    assert_eq!(worker.bytes.get(), 0);
    drop(other);
    assert_eq!((worker.connections.borrow().len(), worker.documents.borrow().len()), (0, 0));
}

#[test]
fn above_the_budget_the_slowest_connection_is_closed_first_and_then_responses_are_refused() {
    let worker = worker(99, 3 * IN_KERNEL);
    let all: Vec<_> = (0..3).map(|_| worker.connect()).collect();
    for connection in &all {
        assert!(connection.admits(1 << 20, Waiting::Own(0)));
        connection.stalled(Waiting::Own(0));
    }
    let next = worker.connect();
    assert!(!next.admits(1 << 20, Waiting::Own(0)), "no connection is slow");
    assert!(next.admits(SMALL, Waiting::Own(0)), "a poll is never refused");
    age(&all[0], 5);
    age(&all[1], 9);
    age(&all[2], 2);
    assert!(next.admits(1 << 20, Waiting::Own(0)));
    let cut = |all: &[ConnectionLoad]| all.iter().map(ConnectionLoad::is_cut).collect::<Vec<_>>();
    assert_eq!(cut(&all), [false, true, false]);
    next.stalled(Waiting::Own(IN_KERNEL));
    assert_eq!(cut(&all), [true, true, false]);
    assert!(!next.is_cut());
}

#[test]
fn a_single_answer_is_sent_however_small_the_budget() {
    let worker = worker(9, 1);
    let connection = worker.connect();
    assert!(connection.admits(1 << 30, Waiting::Own(7)));
    connection.stalled(Waiting::Own(9));
    assert!(!connection.is_cut());
    assert!(!worker.connect().admits(1 << 30, Waiting::Own(7)));
}

#[test]
fn above_the_number_of_connections_the_longest_idle_one_is_closed() {
    let worker = worker(2, 1 << 30);
    let (one, two) = (worker.connect(), worker.connect());
    age(&one, 3);
    age(&two, 4);
    let three = worker.connect();
    assert!(!one.is_cut() && two.is_cut() && !three.is_cut());
    drop(two);
    one.request();
    let _four = worker.connect();
    assert!(!one.is_cut() && !three.is_cut(), "no connection is slow");
    three.over();
    let _five = worker.connect();
    assert!(!one.is_cut() && three.is_cut(), "the connection that is over is closed first");
}

#[test]
fn under_pressure_a_request_does_not_prove_that_the_last_answer_was_read() {
    let worker = worker(9, 2 * IN_KERNEL);
    let (one, other) = (worker.connect(), worker.connect());
    one.sent(SEND_BUFFER);
    assert!(!one.request());
    one.sent(SEND_BUFFER);
    other.stalled(Waiting::Own(0));
    assert!(one.request());
    assert_eq!(worker.bytes.get(), IN_KERNEL + SEND_BUFFER);
    one.emptied();
    assert_eq!(worker.bytes.get(), IN_KERNEL);
}
