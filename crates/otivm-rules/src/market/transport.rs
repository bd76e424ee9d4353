//! Carriage between every ordered pair of places.

use otivm_travel::{Carriage, Chart, Freight, NoRoute, Porter, Stop};
use std::{num::NonZeroUsize, sync::Arc};
use tessera_world::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transport {
    places: usize,
    /// Row by origin.
    carriage: Vec<Option<Carriage>>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transport table of {rows} rows has a row of {columns}")]
pub struct TransportError {
    rows: usize,
    columns: usize,
}

impl Transport {
    pub fn new(rows: Vec<Vec<Option<Carriage>>>) -> Result<Self, TransportError> {
        let places = rows.len();
        if let Some(row) = rows.iter().find(|row| row.len() != places) {
            return Err(TransportError { rows: places, columns: row.len() });
        }
        Ok(Self { places, carriage: rows.into_iter().flatten().collect() })
    }

    /// Over a chart, origin by origin, on so many threads.
    pub fn over(
        chart: &Arc<Chart>,
        places: &[Place],
        threads: NonZeroUsize,
    ) -> Result<Self, NoRoute> {
        let freight = Freight::new(Arc::clone(chart));
        let stop = |place: &Place| Stop { town: place.zone, harbour: place.water_zone };
        let stops: Vec<Stop> = places.iter().map(stop).collect();
        let share = stops.len().div_ceil(threads.get()).max(1);
        let rows_of = |origins: &[Stop]| -> Result<Vec<Option<Carriage>>, NoRoute> {
            let mut porter = Porter::default();
            let mut rows = Vec::with_capacity(origins.len() * stops.len());
            for origin in origins {
                rows.extend(freight.row(&mut porter, *origin, &stops)?);
            }
            Ok(rows)
        };
        let parts: Vec<Result<Vec<Option<Carriage>>, NoRoute>> = std::thread::scope(|scope| {
            let workers: Vec<_> =
                stops.chunks(share).map(|origins| scope.spawn(move || rows_of(origins))).collect();
            let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
            // A worker that panicked is a bug that the caller must see as one.
            joined
                .map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let mut carriage = Vec::with_capacity(stops.len() * stops.len());
        for part in parts {
            carriage.extend(part?);
        }
        Ok(Self { places: stops.len(), carriage })
    }

    pub fn places(&self) -> usize {
        self.places
    }

    pub fn carriage(&self, from: usize, to: usize) -> Option<Carriage> {
        self.carriage[from * self.places + to]
    }
}
