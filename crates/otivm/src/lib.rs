//! The game server (1105): 128 seats, a world from its cache, and a player API that forgets nothing.
//!
//! An answer to a command means that its moments are on the disk, unless the house is a simulation's. Losing
//! 1101, 1102 or 1103 stops nothing: the world stays as it was, and says how old it is. What leaves the house
//! are snapshots of closed windows, in which nobody can be told from anybody.

mod api;
mod app;
mod budgets;
mod config;
mod dice;
mod export;
mod import;
mod json_file;
mod passkeys;
mod play;
mod players;
mod replay;
mod rewind;
mod route;
mod start;
mod verify;
mod windows;
mod world;

pub use config::{Config, Limits, Passkeys, Simulation};
pub use dice::{Dice, SystemDice};
pub use export::{ExportError, ExportOptions, Form, export, export_command};
pub use import::{ImportError, MovedIn, import, import_command};
pub use passkeys::PasskeysError;
pub use players::{AdoptError, DbError, FileError, NotAgain, ProvisionError, Provisioned};
pub use replay::{ReplayOptions, Replayed, parse_moment, replay, replay_command};
pub use rewind::{RewindError, Rewound, rewind, rewind_command};
pub use route::{RouteOptions, route};
pub use start::{StartError, openapi, provision, start};
pub use verify::{Verified, VerifyError, verify};
