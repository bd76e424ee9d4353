//! The trace that the running task belongs to, handed on to every neighbour it calls.

use std::cell::Cell;
use theron_wire::Traceparent;

tokio::task_local! {
    /// Set by the server around each call that it answers, and by schedulers around each round.
    pub static CURRENT: Traceparent;
}

/// A span of its own in the given trace, or the first span of a new one.
pub fn span_in(incoming: Option<Traceparent>) -> Traceparent {
    let parent_id = fresh().max(1);
    if let Some(incoming) = incoming {
        return incoming.child(parent_id);
    }
    let trace_id = (u128::from(fresh()) << 64) | u128::from(fresh());
    Traceparent { trace_id: trace_id.max(1), parent_id, flags: 1 }
}

/// Sixty-four bits that tell spans apart and guard nothing: `SplitMix64` from a seed that each thread draws once,
/// because asking the kernel at each call costs as much as the rest of its log line.
fn fresh() -> u64 {
    thread_local!(static STATE: Cell<u64> = Cell::new(seed()));
    let state = STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Without randomness the ids of threads repeat: traces are then hard to tell apart, and nothing else breaks.
fn seed() -> u64 {
    let mut random = [0; 8];
    if getrandom::fill(&mut random).is_err() {
        random = [1; 8];
    }
    u64::from_ne_bytes(random)
}

/// The running task's trace, where it has one.
pub fn current() -> Option<Traceparent> {
    CURRENT.try_with(|trace| *trace).ok()
}
