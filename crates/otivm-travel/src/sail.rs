//! Searching a chart: by ship between zones, and by anything between two positions.
//!
//! The wind is that of the days on which the ship passes; she does not wait for another month.

use crate::{
    Chart, Gait, Mode, Month, NoRoute, Route, ShipType, door,
    report::{self, Trip},
    search::{Door, Search},
    sphere::unit_vector,
    ways::{DAY_S, Traveller, state},
};
use std::sync::Arc;
use tessera_grid::{Position, Zone};

/// Searches a chart; keeps its scratch space between searches. One for each thread.
pub struct Navigator {
    chart: Arc<Chart>,
    search: Search,
}

/// A passage asked for, from zone to zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    pub from: Zone,
    pub to: Zone,
    pub ship: ShipType,
    /// Sails on the 15th.
    pub month: Month,
}

/// A journey asked for, from door to door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Query {
    pub from: Position,
    pub to: Position,
    pub mode: Mode,
    pub ship: ShipType,
    pub gait: Gait,
    /// Leaves on the 15th.
    pub month: Month,
}

impl Navigator {
    pub fn new(chart: Arc<Chart>) -> Self {
        Self { chart, search: Search::default() }
    }

    pub fn chart(&self) -> &Arc<Chart> {
        &self.chart
    }

    /// The quickest way by ship.
    pub fn sail(&mut self, passage: Passage) -> Result<Route, NoRoute> {
        let from = self.water(passage.from)?;
        let to = self.water(passage.to)?;
        let chart = Arc::clone(&self.chart);
        let mut traveller = sailor(&chart, passage.ship, passage.month);
        traveller.target = Some((chart.points[to as usize], 0.0));
        let [start, goal] = [from, to].map(|node| Door { state: state(node, true), seconds: 0 });
        let found = self.search(&mut traveller, &[start], &[goal]);
        let found = found.ok_or(NoRoute::NoWater { from: passage.from, to: passage.to })?;
        let trip = Trip::of(&chart, &self.search, found.state, None);
        Ok(report::route(&traveller, &trip))
    }

    /// The same passage in every month, January first.
    pub fn months(&mut self, from: Zone, to: Zone, ship: ShipType) -> Result<[Route; 12], NoRoute> {
        let mut routes = Vec::with_capacity(12);
        for month in Month::all() {
            routes.push(self.sail(Passage { from, to, ship, month })?);
        }
        // Twelve months were pushed.
        routes.try_into().map_err(|_incomplete| NoRoute::NoWater { from, to })
    }

    /// Days from one zone to each of many; `None` where no ship gets.
    pub fn days_to(
        &mut self,
        from: Zone,
        targets: &[Zone],
        ship: ShipType,
        month: Month,
    ) -> Result<Vec<Option<f64>>, NoRoute> {
        let from = self.water(from)?;
        let chart = Arc::clone(&self.chart);
        let traveller = sailor(&chart, ship, month);
        self.search.run(&traveller, &[Door { state: state(from, true), seconds: 0 }], &[]);
        let days = |zone: &Zone| {
            let seconds = self.search.elapsed(state(chart.node(*zone)?, true))?;
            Some(f64::from(seconds) / f64::from(DAY_S))
        };
        Ok(targets.iter().map(days).collect())
    }

    /// The quickest way between two positions, by what the query allows.
    pub fn journey(&mut self, query: &Query) -> Result<Route, NoRoute> {
        let chart = Arc::clone(&self.chart);
        let mut traveller = Traveller::new(&chart, query.mode, query.ship, query.gait, query.month);
        let starts = door::near(&traveller, query.from)?;
        let goals = door::near(&traveller, query.to)?;
        if let Some(trip) = door::next_door(&traveller, &starts, &goals, query) {
            return Ok(report::route(&traveller, &trip));
        }
        let play_km = goals.iter().map(|goal| goal.km).fold(0.0, f32::max);
        traveller.target = Some((unit_vector(query.to), play_km));
        let doors = |ends: &[door::End]| ends.iter().map(|end| end.door).collect::<Vec<_>>();
        let (begin, end) = (doors(&starts), doors(&goals));
        let found = self.search(&mut traveller, &begin, &end);
        let found = found.ok_or(NoRoute::NoWay { mode: query.mode })?;
        let trip = Trip::of(&chart, &self.search, found.state, Some((&starts, &goals, query)));
        Ok(report::route(&traveller, &trip))
    }

    fn search(
        &mut self,
        traveller: &mut Traveller<'_>,
        starts: &[Door],
        goals: &[Door],
    ) -> Option<Door> {
        if !traveller.may_reach(starts, goals) {
            return None;
        }
        traveller.look_ahead(goals);
        self.search.run(traveller, starts, goals)
    }

    fn water(&self, zone: Zone) -> Result<u32, NoRoute> {
        let node = self.chart.node(zone).ok_or(NoRoute::OffChart(zone))?;
        if self.chart.floats(node) { Ok(node) } else { Err(NoRoute::Dry(zone)) }
    }
}

fn sailor(chart: &Chart, ship: ShipType, month: Month) -> Traveller<'_> {
    Traveller::new(chart, Mode::Sea, ship, Gait::Foot, month)
}
