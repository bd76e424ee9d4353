//! Ways by ship between two places, searched on the chart and kept for the next who asks. The chart takes seconds to
//! draw, and all else of play goes on without it: who asks for a way meanwhile waits (decision 0064).

use otivm_rules::PlaceId;
use otivm_travel::{Chart, Draft, Month, Navigator, NoRoute, Passage, Route, ShipType};
use std::{
    collections::{HashMap, VecDeque},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tessera_grid::Zone;
use tessera_release::Release;

/// Searches that keep their scratch space: two at once on two cores, and one that waits.
const NAVIGATORS_KEPT: usize = 3;
/// Years of routes kept: some 60 KiB each.
const YEARS_KEPT: usize = 128;

/// The same passage in every month, January first.
pub(crate) type Year = [Route; 12];
type Key = (PlaceId, PlaceId, ShipType);

pub(crate) struct Passages {
    /// Of the release whose ground it is.
    file: PathBuf,
    chart: Mutex<Option<Arc<Chart>>>,
    harbours: HashMap<PlaceId, Zone>,
    idle: Mutex<Vec<Navigator>>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    years: HashMap<Key, Arc<Year>>,
    /// Oldest first.
    order: VecDeque<Key>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPassage {
    #[error("the chart of this world cannot be drawn")]
    Undrawn(#[from] tessera_release::Error),
    #[error("{0} has no harbour for a sea-going ship")]
    NoHarbour(PlaceId),
    #[error("no ship gets from {from} to {to}")]
    NoRoute {
        from: PlaceId,
        to: PlaceId,
        #[source]
        source: NoRoute,
    },
}

impl Passages {
    /// With the chart where it is drawn already.
    pub(crate) fn new(
        file: PathBuf,
        chart: Option<Arc<Chart>>,
        harbours: HashMap<PlaceId, Zone>,
    ) -> Self {
        let chart = Mutex::new(chart);
        Self { file, chart, harbours, idle: Mutex::default(), kept: Mutex::default() }
    }

    /// Drawn once; whoever comes meanwhile waits for it. Blocks for seconds.
    pub(crate) fn chart(&self) -> Result<Arc<Chart>, tessera_release::Error> {
        let mut drawn = self.chart.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chart) = &*drawn {
            return Ok(Arc::clone(chart));
        }
        Ok(Arc::clone(drawn.insert(draw(&Release::open(&self.file)?)?)))
    }

    /// The quickest way in one month.
    pub(crate) fn route(
        &self,
        from: &PlaceId,
        to: &PlaceId,
        ship: ShipType,
        month: Month,
    ) -> Result<Route, NoPassage> {
        if let Some(year) = self.kept().years.get(&(from.clone(), to.clone(), ship)) {
            return Ok(year[month.index()].clone());
        }
        let ends = (self.harbour(from)?, self.harbour(to)?);
        let passage = Passage { from: ends.0, to: ends.1, ship, month };
        self.navigate(|navigator| navigator.sail(passage))?.map_err(no_route(from, to))
    }

    /// The quickest way in each month; blocks for some tens of milliseconds the first time.
    pub(crate) fn year(
        &self,
        from: &PlaceId,
        to: &PlaceId,
        ship: ShipType,
    ) -> Result<Arc<Year>, NoPassage> {
        let key = (from.clone(), to.clone(), ship);
        if let Some(year) = self.kept().years.get(&key) {
            return Ok(Arc::clone(year));
        }
        let ends = (self.harbour(from)?, self.harbour(to)?);
        let found = self.navigate(|navigator| navigator.months(ends.0, ends.1, ship))?;
        let year = Arc::new(found.map_err(no_route(from, to))?);
        let mut kept = self.kept();
        if kept.years.insert(key.clone(), Arc::clone(&year)).is_none() {
            kept.order.push_back(key);
        }
        if kept.order.len() > YEARS_KEPT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.years.remove(&oldest);
        }
        Ok(year)
    }

    fn harbour(&self, place: &PlaceId) -> Result<Zone, NoPassage> {
        self.harbours.get(place).copied().ok_or_else(|| NoPassage::NoHarbour(place.clone()))
    }

    fn navigate<T>(&self, search: impl FnOnce(&mut Navigator) -> T) -> Result<T, NoPassage> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut navigator = match taken {
            Some(navigator) => navigator,
            None => Navigator::new(self.chart()?),
        };
        let found = search(&mut navigator);
        let mut idle = idle();
        if idle.len() < NAVIGATORS_KEPT {
            idle.push(navigator);
        }
        Ok(found)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The chart of a release.
pub(crate) fn draw(release: &Release) -> Result<Arc<Chart>, tessera_release::Error> {
    let mut draft = Draft::default();
    release.for_each_cell(|cell| draft.add(&cell))?;
    Ok(Arc::new(draft.chart().with_lines(|collection| release.lines(collection))?))
}

fn no_route(from: &PlaceId, to: &PlaceId) -> impl FnOnce(NoRoute) -> NoPassage {
    move |source| NoPassage::NoRoute { from: from.clone(), to: to.clone(), source }
}
