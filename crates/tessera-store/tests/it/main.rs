//! The store on real sockets with real release files.

mod contract;
mod derived;
mod intake;
mod ogc;
mod reads;
mod scene;
