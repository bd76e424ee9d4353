//! The layers that lie on the coarse zones: winds, roses, currents, weather, geology.

use super::dense::Of;
use super::notebook::Notebook;
use geo_types::Geometry;
use std::collections::BTreeMap;
use tessera_formats::{CurrentField, RoseField};
use tessera_grid::Zone;
use tessera_stage::layers::{current, geology, weather, wind, wind_rose};
use tessera_stage::raster::Raster;
use tessera_stage::sparse::Sparse;
use tessera_stage::staged::Staged;
use tessera_world::{Certainty, SurfaceKind};

/// Class numbers and what they mean.
type Crust = (Raster<u8>, BTreeMap<u8, String>);
/// Names and shapes.
type Orogens = Vec<(String, Geometry<f64>)>;

#[derive(Default)]
pub(super) struct Given {
    pub(super) wind: Vec<Of<wind::Months>>,
    pub(super) roses: Option<Of<Vec<RoseField>>>,
    pub(super) currents: Option<Of<Vec<CurrentField>>>,
    pub(super) rain: Option<Of<Vec<Raster>>>,
    pub(super) temperature: Option<Of<Vec<Raster>>>,
    pub(super) crust: Option<Of<Crust>>,
    pub(super) orogens: Vec<Of<Orogens>>,
}

pub(super) fn stage(staged: &mut Staged, notebook: &mut Notebook, given: Given) {
    let certain = Certainty::Certain;
    for (id, months) in &given.wind {
        let provenance = Notebook::provenance(staged, "wind", id, certain, wind::METHOD);
        let read = wind::stage(&staged.coarse_zones, months, provenance);
        wind::fill(&mut staged.wind, read);
    }
    let wet = wet(staged);
    let is_wet = |staged: &Staged, zone: Zone| {
        staged.coarse_zones.binary_search(&zone).is_ok_and(|at| wet[at])
    };
    if let Some((id, months)) = &given.currents {
        let provenance = Notebook::provenance(staged, "current", id, certain, current::METHOD);
        let zones = &staged.coarse_zones;
        staged.current = current::stage(zones, months, |zone| is_wet(staged, zone), provenance);
    }
    if let Some((id, months)) = &given.roses {
        let read = Notebook::provenance(staged, "wind_rose", id, certain, wind_rose::METHOD);
        let guess = Certainty::Conjectured;
        let filled = Notebook::provenance(staged, "wind_rose", id, guess, wind_rose::METHOD_FILLED);
        let provenances = wind_rose::Provenances { read, filled };
        let (zones, winds) = (&staged.coarse_zones, &staged.wind);
        let found =
            wind_rose::stage(zones, months, winds, |zone| is_wet(staged, zone), provenances);
        staged.wind_rose = Sparse::from_unsorted(found);
    }
    let rain = given.rain.and_then(|(id, months)| {
        let method = weather::METHOD_RAIN;
        weather::Monthly::new(months, Notebook::provenance(staged, "weather", &id, certain, method))
    });
    let temperature = given.temperature.and_then(|(id, months)| {
        let method = weather::METHOD_TEMPERATURE;
        weather::Monthly::new(months, Notebook::provenance(staged, "weather", &id, certain, method))
    });
    staged.weather = weather::stage(&staged.coarse_zones, rain.as_ref(), temperature.as_ref());
    geology(staged, notebook, given.crust, given.orogens);
}

fn geology(
    staged: &mut Staged,
    notebook: &mut Notebook,
    crust: Option<Of<Crust>>,
    orogens: Vec<Of<Orogens>>,
) {
    let certain = Certainty::Certain;
    let crust = crust.map(|(id, (raster, legend))| {
        let method = geology::METHOD_CRUST;
        let provenance = Notebook::provenance(staged, "geology", &id, certain, method);
        (id, geology::Crust { raster, legend, provenance })
    });
    if let Some((id, crust)) = &crust {
        for class in crust.unknown_classes() {
            notebook.find("crust_class", id, format!("crust class {class} is not in the legend"));
        }
    }
    let mut outlines = Vec::new();
    for (id, orogens) in orogens {
        let method = geology::METHOD_OROGEN;
        let by = Notebook::provenance(staged, "geology", &id, certain, method);
        let named = orogens.into_iter();
        outlines.extend(named.filter_map(|(name, shape)| geology::Orogen::new(name, &shape, by)));
    }
    let crust = crust.as_ref().map(|(_, crust)| crust);
    staged.geology = geology::stage(&staged.coarse_zones, crust, &outlines);
}

/// Which coarse zones have sea in any of their zones.
fn wet(staged: &Staged) -> Vec<bool> {
    let mut wet = vec![false; staged.coarse_zones.len()];
    let mut at = 0;
    for (zone, surface) in staged.zones.iter().zip(staged.surface.iter()) {
        let Some(coarse) = zone.ancestor(staged.coarse_resolution) else { continue };
        while staged.coarse_zones.get(at).is_some_and(|here| *here < coarse) {
            at += 1;
        }
        if let Some(wet) = wet.get_mut(at) {
            *wet |= surface.is_some_and(|surface| surface.kind != SurfaceKind::Land);
        }
    }
    wet
}
