//! The game server on real sockets, with a small real world and a store that can be taken away.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod answers;
mod authenticator;
mod cache;
mod carry;
mod clock;
mod conditions;
mod contract;
mod disk;
mod doors;
mod events;
mod farewell;
mod faults;
mod judge;
mod keys;
mod kill;
mod life;
mod limits;
mod lost;
mod passkeys;
mod rights;
mod route;
mod scene;
mod sealed;
mod simulation;
mod store;
mod timeline;
mod villa;
mod windows;
mod world;
mod writers;
