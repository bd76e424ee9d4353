//! The rules of OTIVM: moments in, a life out.
//!
//! Pure: no file, no clock, no dice, no network. `fold` turns moments into a state and cannot refuse;
//! `decide` turns a command into facts or a refusal and changes nothing; `settle` gives what fell due.
//! [`Life`] ties the three to the chain of hashes. Integers only: asses, grams, units, microseconds.

pub mod calendar;
pub mod canonical;
pub mod chain;
pub mod chance;
pub mod chapters;
pub mod command;
pub mod contribution;
pub mod decide;
pub mod fact;
pub mod fold;
pub mod goods;
pub mod hash;
pub mod hold;
pub mod ids;
pub mod labels;
pub mod ledger;
pub mod life;
pub mod lines;
pub mod market;
pub mod moment;
pub mod parameters;
pub mod proof;
pub mod refusal;
pub mod registry;
pub mod settle;
pub mod ships;
pub mod state;
pub mod time;
pub mod world;

pub use chance::Chance;
pub use command::{Command, Enrol, Refuge, VoyagePlan};
pub use decide::decide;
pub use fact::Fact;
pub use fold::fold;
pub use goods::GoodId;
pub use ids::PlaceId;
pub use life::Life;
pub use moment::{Kind, Moment};
pub use refusal::Refusal;
pub use settle::settle;
pub use state::State;
pub use time::At;
pub use world::World;
