//! What every service does alike: configuration, listeners, identity, limits, logs, readiness, drain.
//!
//! A service is a router and a readiness; [`Server`] listens with it. The mesh listener asks for a
//! certificate, and each route says which identities it admits ([`admit`]); a public listener is plain
//! HTTP and carries only what the service chose to put on it. This crate knows no word of any domain.

mod admission;
mod answer;
mod arrival;
mod bounds;
mod budget;
mod call;
mod claim;
mod clock;
mod config;
mod connections;
mod key_file;
mod layers;
mod lines;
mod logging;
mod metrics;
mod open_files;
mod ops;
mod places;
mod proxy;
mod readiness;
mod server;
mod steady_clock;
mod tasks;
mod whole_file;

/// Of every program that is a service. The C library's own leaves the large buffers of an encoder in pieces when what
/// is kept was allocated between them: a store that kept 20,000 zones held gigabytes (decision 0063).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub use admission::{Admitted, Identity, admit};
pub use answer::{Json, Path, Query, Refusal, chain};
pub use arrival::unhurried;
pub use bounds::Bounds;
pub use budget::{Budget, Left, Policy, one_household, say_budgets};
pub use call::Caller;
pub use claim::{Claim, ClaimError};
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Base, ConfigError, Listen, Neighbour, Neighbours, load_config};
pub use connections::Connection;
pub use key_file::{KEY_BYTES, make_key};
pub use layers::Shortcut;
pub use logging::{ended, start_logging};
pub use metrics::metrics_text;
pub use ops::{preflight, pretty_openapi};
pub use places::{Place, Places};
pub use proxy::{Proxy, client_address};
pub use readiness::ReadySignal;
pub use server::{Routes, Running, ServeError, Server, Shortcuts, until_signal};
pub use steady_clock::SteadyClock;
pub use tasks::Tasks;
pub use whole_file::write_whole;
