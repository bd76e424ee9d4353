//! What crosses the wires of the game server: the player API's types, the internal API's, and its client.
//!
//! Money is in asses (16 asses are a denarius), mass in grams, shares in thousandths. A moment's `at`
//! is microseconds since 1970, UTC, and below 2^53. Other times are RFC 3339 text, UTC.

mod chapter;
mod client;
mod command;
mod event;
mod harbour;
mod me;
mod parameter;
mod passkey;
mod place;
mod session;
mod timeline;
mod villa;
mod voyage;
mod window;
mod world;

pub use chapter::{Chapter, ChapterView, Progress, Words};
pub use client::GameNodeClient;
pub use command::{
    CharterRequest, Done, JournalRequest, LoanRequest, Moment, Moments, RepairRequest, ShipRequest,
    Side, StorageRequest, TradeRequest, VoyageRequest, Way,
};
pub use event::{Here, Notice, WindowClosed};
pub use harbour::{Harbour, ShipOffer};
pub use me::{
    CargoLine, Debt, LoanView, LostPlace, Me, OtiumView, ShipView, StoreLine, VoyageView,
};
pub use parameter::{Figure, Parameter};
pub use passkey::{NewPasskey, Passkey, PasskeyChallenge, PasskeyReturn, Passkeys};
pub use place::{Market, Place, Position, Quote, Reason};
pub use session::{
    Enrolled, Farewell, Imported, Keep, Language, Left, NewPhrase, NewPlayer, Player, Return,
    SessionOpened, SessionView,
};
pub use timeline::{Label, Ledger, LedgerLine, Timeline};
pub use villa::{LibraryRequest, OtiumOffer, OtiumRequest, VillaStay, VillaView};
pub use voyage::{Leg, LoanOffer, MonthPlan, Plan};
pub use window::{ClosedWindows, Contribution, Snapshot};
pub use world::{
    ClockView, DerivedView, Good, ReleaseView, ShipKind, WindowView, World, WorldDate,
};
