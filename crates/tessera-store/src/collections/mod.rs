//! The collections of a release, whoever asks for them: zones with their facts, one for each layer of them,
//! places, and whatever features it has. Knows no HTTP.

mod cells;
#[cfg(test)]
mod cells_tests;
mod columns;
mod layers;
mod record;
mod select;

pub(crate) use columns::Columns;
pub(crate) use layers::Layer;
pub(crate) use record::{Record, Seen};
pub(crate) use select::{Page, Selection};

use crate::releases::ReadError;
use columns::Properties;
use layers::{Group, LAYERS};
use std::{
    ops::ControlFlow,
    sync::{Arc, OnceLock},
};
use tessera_grid::BBox;
use tessera_release::{FeatureQuery, Release};
use tessera_world::{CollectionKind, LayerInfo, ReleaseInfo};

/// The collection of all zones; those of a layer begin with it.
const CELLS: &str = "cells";
const PLACES: &str = "places";

pub(crate) struct Collection {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) bbox: BBox,
    /// The first and the last year that it says something of.
    pub(crate) years: Option<(i32, i32)>,
    /// All that is in it; `None` where nobody counted.
    pub(crate) count: Option<u64>,
    subject: Subject,
    /// Read at the first need: those of features are in the features themselves.
    columns: OnceLock<Arc<Columns>>,
}

#[derive(Clone, Copy)]
enum Subject {
    Cells(Option<&'static Layer>),
    Places,
    Features,
}

impl Collection {
    fn new(
        id: String,
        [title, description]: [&str; 2],
        subject: Subject,
        info: &ReleaseInfo,
    ) -> Self {
        Self {
            id,
            title: title.to_owned(),
            description: description.to_owned(),
            bbox: info.bbox,
            years: info.epochs.first().copied().zip(info.epochs.last().copied()),
            count: Some(info.zones),
            subject,
            columns: OnceLock::new(),
        }
    }

    pub(crate) fn columns(&self, file: &Release) -> Result<Arc<Columns>, ReadError> {
        if let Some(known) = self.columns.get() {
            return Ok(Arc::clone(known));
        }
        let columns = match self.subject {
            Subject::Cells(None) => Columns::of_cells(&Group::ALL),
            Subject::Cells(Some(layer)) => Columns::of_cells(layer.groups),
            Subject::Places => Columns::of_places(),
            Subject::Features => {
                let mut properties = Properties::default();
                file.visit_features(&FeatureQuery::of(&self.id), None, |feature| {
                    properties.see(&feature);
                    ControlFlow::Continue(())
                })?;
                Columns::of_features(properties.kinds())
            }
        };
        // Two readers that come first at once find the same.
        Ok(Arc::clone(self.columns.get_or_init(|| Arc::new(columns))))
    }

    /// The layer that speaks of its zones; `None` where they are all zones, or no zones.
    pub(crate) fn layer(&self) -> Option<&'static Layer> {
        match self.subject {
            Subject::Cells(layer) => layer,
            Subject::Places | Subject::Features => None,
        }
    }

    /// Whether `datetime` chooses a state of each record, and not which records there are.
    pub(crate) fn has_states(&self) -> bool {
        matches!(self.subject, Subject::Cells(_))
    }
}

/// What a release has, zones first.
pub(crate) fn of(release: &Release) -> Result<Vec<Collection>, ReadError> {
    let info = release.info();
    let what = ["Zones", "Zones of the H3 grid with what every layer says of them, as polygons."];
    let mut all = vec![Collection::new(CELLS.to_owned(), what, Subject::Cells(None), info)];
    let known = release.layers()?;
    for layer in LAYERS {
        let held = known.iter().filter(|held| layer.made_of().any(|id| held.id == id));
        let held: Vec<&LayerInfo> = held.collect();
        if held.is_empty() {
            continue;
        }
        let id = format!("{CELLS}-{}", layer.id.replace('_', "-"));
        let what = [layer.title, layer.description];
        let mut collection = Collection::new(id, what, Subject::Cells(Some(layer)), info);
        // Layers that lie on coarser zones count those, and two may speak of the same zones or of others: how many of
        // the world's that is, is not known.
        collection.count = match held.as_slice() {
            [only] if only.resolution == info.resolution => Some(only.zones),
            _ => None,
        };
        all.push(collection);
    }
    let what = ["Places", "The ports and cities that are played, as points."];
    let mut places = Collection::new(PLACES.to_owned(), what, Subject::Places, info);
    let held = release.places()?;
    let years = held.iter().flat_map(|place| [place.valid_from, place.valid_to]).flatten();
    places.years = years.clone().min().zip(years.max());
    places.count = Some(info.places);
    all.push(places);
    for held in release.collections()? {
        let title = in_words(&held.id);
        let description = describe(&held.id);
        let what = [title.as_str(), description.as_str()];
        let mut collection = Collection::new(held.id.clone(), what, Subject::Features, info);
        collection.bbox = held.bbox;
        collection.years = held.years;
        collection.count = Some(held.features);
        all.push(collection);
    }
    Ok(all)
}

fn describe(id: &str) -> String {
    match CollectionKind::of(id) {
        Some(CollectionKind { what, shapes, .. }) => format!("{what}, as {}.", shapes.as_str()),
        None => "Features of this kind.".to_owned(),
    }
}

/// `open_water` is "Open water".
fn in_words(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
