//! Beginning a life and coming back to it.

use crate::WorldDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    La,
    It,
}

impl Language {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::La => "la",
            Self::It => "it",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"language": "la"}))]
pub struct NewPlayer {
    #[serde(default)]
    pub language: Language,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Player {
    /// Names the seat: 26 of `a-z2-7`. It opens nothing without the cookie's secret.
    pub token: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enrolled {
    pub player: Player,
    /// Twelve Latin words. Shown once; whoever has them has the life.
    pub recovery_phrase: String,
    pub world_time: WorldDate,
}

/// A life that came from another server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    pub player: Player,
    /// Twelve Latin words. Shown once; whoever has them has the life.
    pub recovery_phrase: String,
    pub world_time: WorldDate,
    /// That the file held.
    pub moments: i64,
    /// Hash of the last of them, hexadecimal.
    pub head: String,
    /// Hash of the state that they amount to, hexadecimal: the one that the file's own server had.
    pub state: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// The twelve words, in order, separated by spaces; case does not matter.
    pub recovery_phrase: String,
}

/// A session as the one that holds it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    pub player: Player,
    /// Real time, RFC 3339.
    pub opened_at: String,
    /// Real time, RFC 3339: from here on `PUT /session` is a good idea.
    pub renew_after: String,
    /// Real time, RFC 3339: from here on only the recovery phrase opens the life.
    pub expires_at: String,
    /// `at` of the life's last moment.
    pub revision: i64,
    /// Of this life, this one included.
    pub sessions_open: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewPhrase {
    /// Twelve Latin words. Shown once; whoever has them has the life.
    pub recovery_phrase: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionOpened {
    pub player: Player,
}

/// What becomes of a life whose player leaves for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// The operator keeps the file in the archive; nobody comes back into it.
    Archive,
    /// It is overwritten and removed.
    Erase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Farewell {
    pub keep: Keep,
}

/// The life as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Left {
    pub kept: Keep,
    /// In the archived file's name.
    pub date: String,
    pub moments: i64,
    /// Hash of the last of them, hexadecimal.
    pub head: String,
    /// Hash of the state that they amount to, hexadecimal.
    pub state: String,
}
