//! The numbers of a zone's sub-zones at some depths: those of the cells themselves, or made from them.

use crate::{
    collections::Layer,
    quantities::{Folded, Quantity},
    releases::{ReadError, Wanted},
};
use std::ops::ControlFlow;
use tessera_grid::{Resolution, Zone};
use tessera_release::Release;
use tessera_world::Cell;

pub(crate) struct Depth {
    pub(crate) steps: u8,
    pub(crate) sub_zones: Vec<Zone>,
    /// By quantity, by sub-zone, by month where there are several.
    pub(crate) values: Vec<Vec<Option<f64>>>,
}

/// What is asked of a zone.
pub(crate) struct Question {
    pub(crate) zone: Zone,
    pub(crate) depths: Vec<u8>,
    pub(crate) quantities: Vec<&'static Quantity>,
    /// Whose quantities they are; `None` for those of all.
    pub(crate) layer: Option<&'static Layer>,
    pub(crate) year: i32,
}

/// Why a zone has no data.
pub(crate) enum Nothing {
    /// The world has no cell in it.
    Outside,
    /// The layer speaks of no cell in it.
    Unsaid,
}

/// Reads the cells of a zone once for all the depths; those below the world's cells are left out.
pub(crate) fn data(
    file: &Release,
    asked: &Question,
    wanted: &Wanted,
) -> Result<Result<Vec<Depth>, Nothing>, ReadError> {
    let (first, last) = asked.zone.descendant_ends(file.info().resolution);
    let making = |depth: &u8| Making::new(asked.zone, *depth, &asked.quantities);
    let mut making: Vec<Making<'_>> = asked.depths.iter().filter_map(making).collect();
    let (mut any, mut spoken) = (false, false);
    file.visit_cells_between(asked.year, first, last, |cell| {
        if wanted.given_up() {
            return ControlFlow::Break(());
        }
        any = true;
        spoken |= asked.layer.is_none_or(|layer| layer.speaks_of(&cell));
        for making in &mut making {
            making.add(&cell);
        }
        ControlFlow::Continue(())
    })?;
    wanted.go_on()?;
    Ok(match (any, spoken) {
        (false, _) => Err(Nothing::Outside),
        (true, false) => Err(Nothing::Unsaid),
        (true, true) => Ok(making.into_iter().map(Making::done).collect()),
    })
}

struct Making<'a> {
    depth: u8,
    level: Resolution,
    quantities: &'a [&'static Quantity],
    sub_zones: Vec<Zone>,
    /// By quantity, sub-zone and month.
    folded: Vec<Vec<Folded>>,
}

fn months(quantity: &Quantity) -> usize {
    if quantity.monthly { 12 } else { 1 }
}

impl<'a> Making<'a> {
    fn new(zone: Zone, depth: u8, quantities: &'a [&'static Quantity]) -> Option<Self> {
        let level = Resolution::try_from(u8::from(zone.resolution()).checked_add(depth)?).ok()?;
        let sub_zones: Vec<Zone> = zone.descendants(level).collect();
        let folded = quantities.iter().map(|quantity| {
            let count = sub_zones.len() * months(quantity);
            (0..count).map(|_| Folded::new(quantity.fold)).collect()
        });
        let folded = folded.collect();
        Some(Self { depth, level, quantities, sub_zones, folded })
    }

    fn add(&mut self, cell: &Cell) {
        let at = cell.zone.ancestor(self.level);
        let Some(index) = at.and_then(|zone| self.sub_zones.binary_search(&zone).ok()) else {
            return;
        };
        for (quantity, folded) in self.quantities.iter().zip(&mut self.folded) {
            let months = months(quantity);
            for (month, folded) in folded.iter_mut().skip(index * months).take(months).enumerate() {
                folded.add(quantity.facts(cell, month));
            }
        }
    }

    fn done(self) -> Depth {
        let values = self.folded.into_iter();
        let values = values.map(|all| all.into_iter().map(Folded::number).collect()).collect();
        Depth { steps: self.depth, sub_zones: self.sub_zones, values }
    }
}
