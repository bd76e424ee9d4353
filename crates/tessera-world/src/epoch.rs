//! The years a release is asked for.

/// Astronomical years that every reader may count on, from the Persian wars to the migrations.
pub const STANDARD_EPOCHS: [i32; 7] = [-500, -200, -50, 14, 150, 300, 450];

/// Whether what is bounded so held in a year; a bound that is not known shuts nothing out.
pub fn held_in(valid_from: Option<i32>, valid_to: Option<i32>, year: i32) -> bool {
    valid_from.is_none_or(|from| from <= year) && valid_to.is_none_or(|to| year <= to)
}
