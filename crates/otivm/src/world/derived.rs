//! From the aggregation's window, as the store serves it, to what the rules take in.

use super::Derived;
use otivm_rules::{GoodId, PlaceId, world::Collective};
use tessera_store_api::DerivedWindow;

/// A place or good that this build does not know is left at its map price.
pub(crate) fn collective(window: &DerivedWindow) -> Collective {
    let place = |id: &str| id.parse::<PlaceId>().ok();
    let multiplier_permille = window
        .prices
        .iter()
        .filter_map(|price| {
            let key = (place(&price.place)?, GoodId::from_id(&price.good)?);
            Some((key, i64::from(price.multiplier_permille)))
        })
        .collect();
    let saturation_permille = window
        .routes
        .iter()
        .filter_map(|route| {
            let key = (place(&route.from)?, place(&route.to)?);
            Some((key, i64::from(route.saturation_permille)))
        })
        .collect();
    Collective { multiplier_permille, saturation_permille }
}

/// Which window it is; `None` for a number that no clock of ours reaches.
pub(crate) fn mark(window: &DerivedWindow) -> Option<Derived> {
    Some(Derived { window: i64::try_from(window.window).ok()?, closed_at: window.to })
}
