//! The game server on real sockets, with a small real world and a store that can be taken away.

mod cache;
mod contract;
mod disk;
mod doors;
mod keys;
mod kill;
mod life;
mod scene;
mod store;
mod windows;
mod world;
