//! How quick the engine is: single routes over the whole box, and the table of all ports in all months.

use crate::say;
use otivm_travel::{Chart, Month, Navigator, Passage, ShipType};
use rustix::time::{ClockId, clock_gettime};
use std::{sync::Arc, thread, time::Instant};
use tessera_grid::Zone;
use tessera_world::Place;

/// Processor time of this thread: on a shared machine the clock tells of its neighbours too.
fn thread_ms() -> f64 {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e3 + used.tv_nsec as f64 / 1e6
}

/// Pairs of ports, spread over the list so that most are far apart.
const ROUTES: usize = 600;

pub(crate) fn measure(chart: &Arc<Chart>, places: &[Place]) -> anyhow::Result<()> {
    let ports: Vec<Zone> = places.iter().filter_map(|place| place.water_zone).collect();
    anyhow::ensure!(!ports.is_empty(), "the release has no ports");
    let mut navigator = Navigator::new(Arc::clone(chart));
    let ship = ShipType::CorbitaMaior;
    let started = Instant::now();
    for month in Month::all() {
        chart.survey(ship, month);
    }
    say(&format!(
        "| twelve surveys of the sea for one type of ship, once | {:.2} s | |",
        started.elapsed().as_secs_f64()
    ));
    for month in Month::all() {
        // Warms every table.
        drop(navigator.days_to(ports[0], &ports, ship, month));
    }
    let mut busy: Vec<f64> = Vec::with_capacity(ROUTES);
    let mut millis: Vec<f64> = (0..ROUTES)
        .filter_map(|index| {
            let (from, to) = (ports[index * 7 % ports.len()], ports[index * 31 % ports.len()]);
            let month = Month::try_from((index % 12 + 1) as u8).ok()?;
            let (started, busy_ms) = (Instant::now(), thread_ms());
            drop(navigator.sail(Passage { from, to, ship, month }));
            busy.push(thread_ms() - busy_ms);
            Some(started.elapsed().as_secs_f64() * 1000.0)
        })
        .collect();
    for (what, times) in [("by the clock", &mut millis), ("of processor time", &mut busy)] {
        times.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        say(&format!(
            "| one route by sea between {} ports, warm, {what} | p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms | aim p99 10 ms |",
            ports.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        ));
    }
    let started = Instant::now();
    thread::scope(|scope| {
        for half in ports.chunks(ports.len().div_ceil(2)) {
            let ports = &ports;
            scope.spawn(move || {
                let mut navigator = Navigator::new(Arc::clone(chart));
                for from in half {
                    for month in Month::all() {
                        drop(navigator.days_to(*from, ports, ship, month));
                    }
                }
            });
        }
    });
    say(&format!(
        "| all pairs of {} ports in 12 months, two threads | {:.1} s | aim 180 s |",
        ports.len(),
        started.elapsed().as_secs_f64()
    ));
    Ok(())
}
