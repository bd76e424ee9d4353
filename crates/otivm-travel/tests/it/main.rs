//! The travel engine on small seas and lands.

mod sail;
mod sea;
