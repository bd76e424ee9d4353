//! The twelve chapters of a life, and how far this one is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In each of the three languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Words {
    pub en: String,
    pub la: String,
    pub it: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chapter {
    /// 1 to 12.
    pub number: i64,
    pub title: Words,
    pub text: Words,
    /// What it asks of business; `needed` of the progress is the number in it.
    pub negotium: Words,
    /// What it asks of leisure.
    pub otium: Words,
}

/// How far a condition is met, in the unit of the sentence that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    pub done: i64,
    pub needed: i64,
    /// `done` has reached `needed`.
    pub met: bool,
}

/// The chapter in which a life is. When both conditions are met, the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChapterView {
    /// Of `/chapters`.
    pub number: i64,
    pub negotium: Progress,
    pub otium: Progress,
}
