//! What a merchant keeps for his leisure, and what an otium is made of.

use crate::Way;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"guests": 3}))]
pub struct OtiumRequest {
    /// In a villa of one's own, at most `guests_most` of `otium_offer` of `/me`.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub guests: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"way": "in", "units": 4}))]
pub struct LibraryRequest {
    /// In: from the hold onto the shelves.
    pub way: Way,
    /// Of the good `books`.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub units: i64,
}

/// A villa of the merchant's; one at most in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VillaView {
    pub place: String,
    /// What it had cost.
    pub paid_asses: i64,
    /// What it is sold for, without its books.
    pub resale_asses: i64,
    /// Units in its library.
    pub books: i64,
    /// How many its library holds at most.
    pub books_most: i64,
    /// Paid for them, tolls included.
    pub books_cost_asses: i64,
    /// What comes to `resale_asses` for books that are sold with it by letter.
    pub books_resale_asses: i64,
}

/// An otium as it could begin where the merchant is: with so many guests its quality is the sum of place, villa,
/// library and guests, at most `most_permille`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OtiumOffer {
    /// Thousandths of quality, as all that is added to it.
    pub place_permille: i64,
    /// 0 without a villa here, as what follows.
    pub villa_permille: i64,
    pub library_permille: i64,
    /// For each guest.
    pub guest_permille: i64,
    pub guests_most: i64,
    pub most_permille: i64,
    /// What a day costs without guests.
    pub day_asses: i64,
    /// What each guest adds to it.
    pub guest_day_asses: i64,
    /// What a villa costs here; null to whom has one here, or has as many as anybody may.
    pub villa_asses: Option<i64>,
    /// What it would be sold for again; null where `villa_asses` is.
    pub villa_resale_asses: Option<i64>,
}

/// What an otium that lasts in one's own villa is made of, thousandths of quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VillaStay {
    pub place_permille: i64,
    pub villa_permille: i64,
    pub library_permille: i64,
    /// People.
    pub guests: i64,
    pub guests_permille: i64,
}
