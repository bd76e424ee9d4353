//! The trace that the running task belongs to, handed on to every neighbour it calls.

use theron_wire::Traceparent;

tokio::task_local! {
    /// Set by the server around each call that it answers, and by schedulers around each round.
    pub static CURRENT: Traceparent;
}

/// A span of its own in the given trace, or the first span of a new one.
pub fn span_in(incoming: Option<Traceparent>) -> Traceparent {
    let mut random = [0; 24];
    // Without randomness the ids repeat: traces are then hard to tell apart, and nothing else breaks.
    if getrandom::fill(&mut random).is_err() {
        random = [1; 24];
    }
    let [span @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = random;
    let parent_id = u64::from_be_bytes(span).max(1);
    let [_, _, _, _, _, _, _, _, trace @ ..] = random;
    let fresh = Traceparent { trace_id: u128::from_be_bytes(trace).max(1), parent_id, flags: 1 };
    incoming.map_or(fresh, |incoming| incoming.child(parent_id))
}

/// The running task's trace, where it has one.
pub fn current() -> Option<Traceparent> {
    CURRENT.try_with(|trace| *trace).ok()
}
