//! One pass over all zones, in two halves at a time, for every rule that needs no more than a zone's own facts.

use tessera_grid::Zone;
use tessera_stage::staged::Staged;
use tessera_world::{Bathymetry, Climate, LandCover, Surface, SurfaceKind, Terrain};

/// The machine has other work while a world is checked.
const THREADS: usize = 2;

/// One zone with its dense facts.
#[derive(Clone, Copy)]
pub(crate) struct View {
    pub(crate) index: usize,
    pub(crate) zone: Zone,
    pub(crate) terrain: Option<Terrain>,
    pub(crate) surface: Option<Surface>,
    pub(crate) bathymetry: Option<Bathymetry>,
    pub(crate) climate: Option<Climate>,
    pub(crate) land_cover: Option<LandCover>,
}

impl View {
    pub(crate) fn of(staged: &Staged, index: usize) -> Self {
        Self {
            index,
            zone: staged.zones[index],
            terrain: staged.terrain.get(index),
            surface: staged.surface.get(index),
            bathymetry: staged.bathymetry.get(index),
            climate: staged.climate.get(index),
            land_cover: staged.land_cover.get(index),
        }
    }

    pub(crate) fn kind(&self) -> Option<SurfaceKind> {
        self.surface.map(|surface| surface.kind)
    }
}

/// Looks at zones one by one; what it has seen of a part is joined with what it has seen of the next.
pub(crate) trait Look: Send {
    fn look(&mut self, view: &View);
    fn join(&mut self, later: Self);
}

/// Shows every zone to a look, in order within each part.
pub(crate) fn walk<L: Look>(staged: &Staged, make: impl Fn() -> L + Sync) -> L {
    let part = staged.zones.len().div_ceil(THREADS).max(1);
    let see = |from: usize| {
        let mut look = make();
        for index in from..(from + part).min(staged.zones.len()) {
            look.look(&View::of(staged, index));
        }
        look
    };
    let mut parts = std::thread::scope(|scope| {
        let starts = (0..staged.zones.len()).step_by(part);
        let handles: Vec<_> = starts.map(|from| scope.spawn(move || see(from))).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, L>| match handle.join() {
            Ok(part) => part,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        handles.into_iter().map(join).collect::<Vec<_>>()
    })
    .into_iter();
    let mut whole = parts.next().unwrap_or_else(&make);
    for later in parts {
        whole.join(later);
    }
    whole
}
