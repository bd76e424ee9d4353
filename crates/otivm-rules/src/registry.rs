//! Every number of the game in one list: what the rules may be played with, and what stands fast beside it.
//!
//! Nothing is written here: each row reads its number where it stands. What stands fast has bounds that are
//! its value. Only the rows of [`Part::Rules`] differ from database to database, and each database records them.

mod fixed;

use crate::{
    goods::{GOODS, Good},
    parameters::TABLE,
    ships::{HULLS, Hull},
};
use std::fmt;

/// Where a number belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A life is played with them: at the head of its database stand the values, as moments.
    Rules,
    /// They stand fast in this build: limits, what the rules have beside their parameters, and the market's model.
    Fixed,
    Goods,
    Ships,
    /// A chart of the world is searched with them; a departure records what came of it.
    Travel,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    Whole(i64),
    Fraction(f64),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub part: Part,
    /// Among all parts: `portorium`, `goods.wheat.cost`, `travel.windward`.
    pub id: String,
    pub unit: &'static str,
    pub least: Figure,
    pub most: Figure,
    pub default: Figure,
    pub meaning: String,
    pub source: &'static str,
}

impl Part {
    pub const ALL: [Self; 5] = [Self::Rules, Self::Fixed, Self::Goods, Self::Ships, Self::Travel];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Fixed => "fixed",
            Self::Goods => "goods",
            Self::Ships => "ships",
            Self::Travel => "travel",
        }
    }

    /// Whether each database records its own values.
    pub const fn is_recorded(self) -> bool {
        matches!(self, Self::Rules)
    }
}

/// All of them, part by part, in the order of their tables.
pub fn rows() -> Vec<Row> {
    let rules = TABLE.iter().map(|parameter| Row {
        part: Part::Rules,
        id: parameter.name.to_owned(),
        unit: parameter.unit,
        least: Figure::Whole(parameter.least),
        most: Figure::Whole(parameter.most),
        default: Figure::Whole(parameter.default),
        meaning: parameter.meaning.to_owned(),
        source: parameter.source,
    });
    rules
        .chain(fixed::rows())
        .chain(GOODS.iter().flat_map(of_good))
        .chain(HULLS.iter().flat_map(of_hull))
        .chain(travel())
        .collect()
}

fn of_good(good: &Good) -> impl Iterator<Item = Row> {
    let Good { name, english, source, .. } = *good;
    let row = move |what: &str, unit, value, meaning: String| {
        stands(Part::Goods, format!("goods.{name}.{what}"), unit, value, (meaning, source))
    };
    [
        row(
            "unit",
            "grams",
            good.unit_grams,
            format!("A unit of {english}, with what it is packed in."),
        ),
        row(
            "cost",
            "asses",
            good.cost_asses,
            format!("What makers of {english} ask where it is plentiful."),
        ),
        row(
            "worth",
            "asses",
            good.worth_asses,
            format!("What townspeople ordinarily give for {english}."),
        ),
        row(
            "demand",
            "units a year and 1,000 people",
            good.demand_units,
            format!("What townspeople take of {english} where the price is `worth`."),
        ),
        row(
            "spoils",
            "millionths a day",
            good.spoils_ppm_per_day,
            format!("What a day in a hold spoils of {english}, in harbour or at sea; of a warehouse see `horreum_spoil`."),
        ),
    ]
    .into_iter()
}

fn of_hull(hull: &Hull) -> impl Iterator<Item = Row> {
    let Hull { ship, latin, source, .. } = *hull;
    let row = move |what: &str, unit, value, meaning: String| {
        stands(
            Part::Ships,
            format!("ships.{}.{what}", ship.as_str()),
            unit,
            value,
            (meaning, source),
        )
    };
    [
        row("capacity", "grams", hull.capacity_grams, format!("What a {latin} carries.")),
        row("crew", "people", hull.crew, format!("Master and hands of a {latin}.")),
        row("price", "asses", hull.price_asses, format!("What a new {latin} costs.")),
        row(
            "wear",
            "millionths of the ship a day at sea",
            hull.wear_ppm_per_day,
            format!("Wear of hull and gear of a {latin}."),
        ),
        row(
            "harbour_rank",
            "rank of a town",
            i64::from(hull.harbour_rank),
            format!("A {latin} is to be had in harbours of this rank and of higher ones."),
        ),
    ]
    .into_iter()
}

fn stands(
    part: Part,
    id: String,
    unit: &'static str,
    value: i64,
    (meaning, source): (String, &'static str),
) -> Row {
    let value = Figure::Whole(value);
    Row { part, id, unit, least: value, most: value, default: value, meaning, source }
}

fn travel() -> impl Iterator<Item = Row> {
    let mut defaults = otivm_travel::Parameters::default();
    otivm_travel::NAMED.into_iter().map(move |named| Row {
        part: Part::Travel,
        id: format!("travel.{}", named.id),
        unit: named.unit,
        least: Figure::Fraction(named.least),
        most: Figure::Fraction(named.most),
        default: Figure::Fraction(*(named.of)(&mut defaults)),
        meaning: sentence(named.meaning),
        source: named.source,
    })
}

/// The travel engine's meanings are phrases.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

impl Figure {
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Whole(_) => "integer",
            Self::Fraction(_) => "number",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => value.fmt(f),
            Self::Fraction(value) => value.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calendar::Date,
        decide::sea_is_closed,
        time::{DAY_US, WorldTime},
        world::rank_permille,
    };
    use std::collections::BTreeSet;

    fn value(figure: Figure) -> f64 {
        match figure {
            Figure::Whole(value) => value as f64,
            Figure::Fraction(value) => value,
        }
    }

    #[test]
    fn every_row_has_an_id_of_its_own_words_and_a_default_within_its_bounds() {
        let rows = rows();
        let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), rows.len());
        for row in &rows {
            let [least, most, default] = [row.least, row.most, row.default].map(value);
            assert!(least <= default && default <= most, "{row:?}");
            let kinds = [row.least, row.most].map(Figure::kind);
            assert_eq!(kinds, [row.default.kind(); 2], "{row:?}");
            assert!(row.meaning.ends_with('.') && !row.unit.is_empty(), "{row:?}");
            assert!(!row.source.is_empty(), "{row:?}");
        }
    }

    fn whole(id: &str) -> i64 {
        let row = rows().into_iter().find(|row| row.id == id).unwrap();
        let Figure::Whole(value) = row.default else { unreachable!("{row:?}") };
        value
    }

    #[test]
    fn a_town_of_each_rank_asks_what_is_listed_for_it() {
        let listed = (1..=5).map(|rank| whole(&format!("fixed.prices.rank_{rank}")));
        let asked = (1..=5).map(rank_permille);
        assert_eq!(listed.collect::<Vec<_>>(), asked.collect::<Vec<_>>());
        assert_eq!([0, u8::MAX].map(rank_permille), [2000, 600]);
    }

    #[test]
    fn the_sea_is_closed_on_the_days_that_are_listed_and_on_no_other() {
        let [first, last] = ["first", "last"].map(|end| whole(&format!("fixed.closed_sea_{end}")));
        let midnight = Date { year: 150, month: 1, day: 1 }.start();
        for day in 0..365 {
            let world = WorldTime(midnight.0 + day * DAY_US);
            let Date { month, day, .. } = Date::of(world);
            let listed = i64::from(month) * 100 + i64::from(day);
            assert_eq!(sea_is_closed(world), listed >= first || listed <= last, "{month}/{day}");
        }
    }

    #[test]
    fn no_table_of_the_game_is_left_out() {
        let of = |part| rows().iter().filter(|row| row.part == part).count();
        let counted = Part::ALL.map(of);
        let hulls = HULLS.len() * 5;
        assert_eq!(
            counted,
            [TABLE.len(), fixed::COUNT, GOODS.len() * 5, hulls, otivm_travel::NAMED.len()]
        );
    }
}
