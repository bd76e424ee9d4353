//! What everyone's trade did to prices and routes in one closed window.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_world::ReleaseId;
use utoipa::ToSchema;

/// Game nodes behind one window; far beyond what one operator runs.
pub const NODES_MAX: usize = 256;
/// Ports times goods: about 350 times 10 in the default world, 2,600 times 25 in the largest foreseen.
pub const PRICES_MAX: usize = 65_536;
/// Pairs of ports that somebody sailed between in one window.
pub const ROUTES_MAX: usize = 65_536;
/// Ids of nodes, places and goods are short words.
const NAME_BYTES_MAX: usize = 64;
/// A thousandfold price is no market any more but a mistake in the sums.
const MULTIPLIER_PERMILLE_MAX: u32 = 1_000_000;

/// One window, derived once from every game node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DerivedWindow {
    /// Its number: it covers real seconds `window * length` up to the next.
    pub window: u64,
    /// The game nodes that it was derived from.
    pub nodes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// A port and good that is not listed has 1000: the price that the map gives.
    pub prices: Vec<PriceMultiplier>,
    /// A route that is not listed has 1000: as many ships as it carries with ease.
    pub routes: Vec<RouteSaturation>,
    /// The release whose places these are.
    #[schema(value_type = String)]
    pub release: ReleaseId,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceMultiplier {
    pub place: String,
    pub good: String,
    /// Of the price that the map gives, thousandths.
    pub multiplier_permille: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSaturation {
    pub from: String,
    pub to: String,
    /// Thousandths.
    pub saturation_permille: u32,
}

/// Why a window is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DerivedWindowError {
    #[error("it ends at {to} and begins at {from}; a window ends after it begins")]
    Interval { from: Timestamp, to: Timestamp },
    #[error("it lists {found} {what}; at most {most} are taken")]
    TooMany { what: &'static str, found: usize, most: usize },
    #[error("{0:?} is not a name: 1 to 64 letters, digits, '-' and '_' are")]
    Name(String),
    #[error("{0} is listed twice")]
    Twice(String),
    #[error("{what} has {permille} thousandths; at most {MULTIPLIER_PERMILLE_MAX} are taken")]
    Permille { what: String, permille: u32 },
}

impl DerivedWindow {
    /// The same content in its one order, so that equal windows are equal bytes.
    pub fn canonical(mut self) -> Result<Self, DerivedWindowError> {
        if self.from >= self.to {
            return Err(DerivedWindowError::Interval { from: self.from, to: self.to });
        }
        at_most("nodes", self.nodes.len(), NODES_MAX)?;
        at_most("prices", self.prices.len(), PRICES_MAX)?;
        at_most("routes", self.routes.len(), ROUTES_MAX)?;
        self.nodes.sort_unstable();
        self.prices.sort_unstable();
        self.routes.sort_unstable();
        let names = self
            .nodes
            .iter()
            .chain(self.prices.iter().flat_map(|price| [&price.place, &price.good]))
            .chain(self.routes.iter().flat_map(|route| [&route.from, &route.to]));
        for name in names {
            check_name(name)?;
        }
        for price in &self.prices {
            within(price.multiplier_permille, || format!("{} in {}", price.good, price.place))?;
        }
        for route in &self.routes {
            within(route.saturation_permille, || format!("{} to {}", route.from, route.to))?;
        }
        once(&self.nodes, |node| [node.as_str(), ""])?;
        once(&self.prices, |price| [&price.place, &price.good])?;
        once(&self.routes, |route| [&route.from, &route.to])?;
        Ok(self)
    }
}

fn at_most(what: &'static str, found: usize, most: usize) -> Result<(), DerivedWindowError> {
    if found > most { Err(DerivedWindowError::TooMany { what, found, most }) } else { Ok(()) }
}

fn check_name(name: &str) -> Result<(), DerivedWindowError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || name.len() > NAME_BYTES_MAX || !name.bytes().all(legal) {
        return Err(DerivedWindowError::Name(name.to_owned()));
    }
    Ok(())
}

fn within(permille: u32, what: impl FnOnce() -> String) -> Result<(), DerivedWindowError> {
    if permille > MULTIPLIER_PERMILLE_MAX {
        return Err(DerivedWindowError::Permille { what: what(), permille });
    }
    Ok(())
}

/// Neighbours in a sorted list differ in their key.
fn once<T>(sorted: &[T], key: impl Fn(&T) -> [&str; 2]) -> Result<(), DerivedWindowError> {
    for pair in sorted.windows(2) {
        if let [a, b] = pair
            && key(a) == key(b)
        {
            return Err(DerivedWindowError::Twice(key(a).join(" ").trim_end().to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(place: &str, multiplier_permille: u32) -> PriceMultiplier {
        PriceMultiplier { place: place.to_owned(), good: "wine".to_owned(), multiplier_permille }
    }

    fn window(prices: Vec<PriceMultiplier>) -> DerivedWindow {
        DerivedWindow {
            window: 7,
            nodes: vec!["otivm-dev".to_owned()],
            from: Timestamp::from_second(100).unwrap(),
            to: Timestamp::from_second(200).unwrap(),
            prices,
            routes: vec![],
            release: "0123456789abcdef0123456789abcdef".parse().unwrap(),
        }
    }

    #[test]
    fn equal_content_has_one_order() {
        let (a, b) = (price("ostia", 900), price("puteoli", 1100));
        let ordered = window(vec![a.clone(), b.clone()]);
        assert_eq!(window(vec![b, a]).canonical(), Ok(ordered));
    }

    #[test]
    fn what_no_window_can_be_is_refused_with_its_reason() {
        let twice = window(vec![price("ostia", 900), price("ostia", 901)]).canonical();
        assert_eq!(twice, Err(DerivedWindowError::Twice("ostia wine".to_owned())));
        let name = window(vec![price("os tia", 900)]).canonical();
        assert_eq!(name, Err(DerivedWindowError::Name("os tia".to_owned())));
        let high = window(vec![price("ostia", 1_000_001)]).canonical();
        let what = "wine in ostia".to_owned();
        assert_eq!(high, Err(DerivedWindowError::Permille { what, permille: 1_000_001 }));
        let many = window(vec![price("ostia", 1); PRICES_MAX + 1]).canonical();
        let (found, most) = (PRICES_MAX + 1, PRICES_MAX);
        assert_eq!(many, Err(DerivedWindowError::TooMany { what: "prices", found, most }));
        let mut backwards = window(vec![]);
        std::mem::swap(&mut backwards.from, &mut backwards.to);
        assert!(matches!(backwards.canonical(), Err(DerivedWindowError::Interval { .. })));
    }
}
