//! One release, read from its file into what play needs: chart, places, markets.

use super::{
    files::Files,
    markets::{self, MarketsError},
    passages::Passages,
    tiles::Tiles,
};
use otivm_rules::{PlaceId, world::Town};
use otivm_travel::Chart;
use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::PathBuf,
    sync::Arc,
};
use tessera_release::{Release, checksum};
use tessera_world::{Harbour, Place, ReleaseId, ReleaseInfo};

pub(crate) struct LoadedRelease {
    pub(crate) id: ReleaseId,
    pub(crate) info: ReleaseInfo,
    pub(crate) places: BTreeMap<String, Place>,
    pub(crate) attributions: Vec<String>,
    pub(crate) towns: Vec<Town>,
    pub(crate) passages: Passages,
    pub(crate) tiles: Tiles,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error(transparent)]
    Release(#[from] tessera_release::Error),
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Markets(#[from] MarketsError),
    #[error("{path} holds {found}, not what its name says; it is not used, delete it")]
    Renamed { path: PathBuf, found: String },
    #[error("{path} holds no place with a sea harbour, so nobody could play in it")]
    NoHarbour { path: PathBuf },
    #[error(
        "the release has zones of resolution {found}, and the game is played on {PLAYED}: promote a world of that \
        resolution, as worlds/default is"
    )]
    Resolution { found: u8 },
}

/// Of the zones that the game is played on: its distances, yields and freights are those of zones 16 km wide, and
/// the finer ones of a whole empire have no room in its memory.
const PLAYED: u8 = 5;

/// Whether the game can be played on zones of a resolution, known before anything is fetched or read.
pub(super) const fn playable(resolution: u8) -> Result<(), LoadError> {
    match resolution {
        PLAYED => Ok(()),
        found => Err(LoadError::Resolution { found }),
    }
}

impl LoadedRelease {
    /// Reads and checks a release of the cache. Blocks for some tenths of a second; for many seconds the first time,
    /// when the chart is drawn to work the markets out.
    pub(crate) fn open(files: &Files, id: &ReleaseId) -> Result<Self, LoadError> {
        let path = files.release(id);
        let within = |source| LoadError::Io { path: path.clone(), source };
        let (sha256, _bytes) = checksum(&path).map_err(within)?;
        if ReleaseId::from_sha256(&sha256).as_ref() != Ok(id) {
            return Err(LoadError::Renamed { path, found: sha256 });
        }
        let release = Release::open(&path)?;
        playable(release.info().resolution.into())?;
        let places = release.places()?;
        let (towns, chart) = if let Some(towns) = markets::kept(files, id) {
            (towns, None)
        } else {
            let mut cells = Vec::with_capacity(release.info().zones as usize);
            release.for_each_cell(|cell| cells.push(cell))?;
            let chart = Chart::new(&cells).with_lines(|collection| release.lines(collection))?;
            let chart = Arc::new(chart);
            (markets::work_out(files, id, &places, &cells, &chart)?, Some(chart))
        };
        let harbours: HashMap<PlaceId, _> = places
            .iter()
            .filter(|place| place.harbour == Harbour::Sea)
            .filter_map(|place| Some((place.id.parse().ok()?, place.water_zone?)))
            .collect();
        if harbours.is_empty() {
            return Err(LoadError::NoHarbour { path });
        }
        Ok(Self {
            id: id.clone(),
            info: release.info().clone(),
            places: places.into_iter().map(|place| (place.id.clone(), place)).collect(),
            attributions: release.sources()?.into_iter().map(|source| source.attribution).collect(),
            towns,
            passages: Passages::new(path, chart, harbours),
            tiles: Tiles::new(release),
        })
    }

    /// Draws the chart ahead of whoever asks for a way. Blocks for seconds.
    pub(crate) fn draw_chart(&self) {
        if let Err(error) = self.passages.chart() {
            let error: &dyn std::error::Error = &error;
            tracing::error!(release = %self.id, error, "no way can be found: the chart cannot be drawn");
        }
    }
}
