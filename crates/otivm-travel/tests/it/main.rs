//! The travel engine on small seas and lands.

mod freight;
mod sail;
mod sea;
