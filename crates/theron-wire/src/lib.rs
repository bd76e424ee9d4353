//! What every service says in the same words: problems, readiness, trace context.

mod problem;
mod readiness;
mod traceparent;

pub use problem::{PROBLEM_JSON, Problem};
pub use readiness::Readiness;
pub use traceparent::{Traceparent, TraceparentError};
