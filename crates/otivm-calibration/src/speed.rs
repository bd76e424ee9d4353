//! How quick the engine is: single routes over the whole box, and the table of all ports in all months.

use crate::say;
use otivm_travel::{Chart, Gait, Mode, Month, Navigator, Passage, Query, ShipType};
use rustix::time::{ClockId, clock_gettime};
use std::{sync::Arc, thread, time::Instant};
use tessera_grid::Zone;
use tessera_world::Place;

/// Processor time of this thread: on a shared machine the clock tells of its neighbours too.
fn thread_ms() -> f64 {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e3 + used.tv_nsec as f64 / 1e6
}

/// Pairs of places, spread over the list so that most are far apart.
const ROUTES: usize = 600;
const SHIP: ShipType = ShipType::CorbitaMaior;
/// What is measured door to door, with the months in which it makes a difference.
const MODES: [(Mode, usize); 2] = [(Mode::Road, 1), (Mode::Any, 2)];

pub(crate) fn measure(chart: &Arc<Chart>, places: &[Place]) -> anyhow::Result<()> {
    let ports: Vec<Zone> = places.iter().filter_map(|place| place.water_zone).collect();
    anyhow::ensure!(!ports.is_empty(), "the release has no ports");
    let mut navigator = Navigator::new(Arc::clone(chart));
    survey(chart, Mode::Sea, 12);
    for month in Month::all() {
        // Warms every table.
        drop(navigator.days_to(ports[0], &ports, SHIP, month));
    }
    time_routes(&format!("by sea between {} ports", ports.len()), |index| {
        let (from, to) = pair(&ports, index);
        let month = Month::all().nth(index % 12).unwrap_or(Month::JULY);
        drop(navigator.sail(Passage { from: *from, to: *to, ship: SHIP, month }));
    });
    for (mode, months) in MODES {
        survey(chart, mode, months);
        let what = format!("by {} between {} places", mode.as_str(), places.len());
        time_routes(&what, |index| {
            let (from, to) = pair(places, index);
            let month = Month::all().nth(index % months).unwrap_or(Month::JULY);
            let (from, to) = (from.position, to.position);
            let gait = Gait::Foot;
            drop(navigator.journey(&Query { from, to, mode, ship: SHIP, gait, month }));
        });
    }
    table(chart, &ports);
    Ok(())
}

fn pair<T>(all: &[T], index: usize) -> (&T, &T) {
    (&all[index * 7 % all.len()], &all[index * 31 % all.len()])
}

fn survey(chart: &Chart, mode: Mode, months: usize) {
    let started = Instant::now();
    for month in Month::all().take(months) {
        chart.survey(mode, SHIP, Gait::Foot, month);
    }
    let seconds = started.elapsed().as_secs_f64();
    say(&format!("| {months} surveys for ways by {}, once | {seconds:.2} s | |", mode.as_str()));
}

fn time_routes(what: &str, mut route: impl FnMut(usize)) {
    let mut busy: Vec<f64> = Vec::with_capacity(ROUTES);
    let mut millis: Vec<f64> = Vec::with_capacity(ROUTES);
    for index in 0..ROUTES {
        let (started, busy_ms) = (Instant::now(), thread_ms());
        route(index);
        busy.push(thread_ms() - busy_ms);
        millis.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    for (clock, times) in [("by the clock", &mut millis), ("of processor time", &mut busy)] {
        times.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        let (p50, p99, most) = (at(0.5), at(0.99), at(1.0));
        say(&format!(
            "| one route {what}, warm, {clock} | p50 {p50:.1} ms, p99 {p99:.1} ms, most {most:.1} ms | aim p99 10 ms |"
        ));
    }
}

/// All ports to all others in all months, on two threads.
fn table(chart: &Arc<Chart>, ports: &[Zone]) {
    let started = Instant::now();
    thread::scope(|scope| {
        for half in ports.chunks(ports.len().div_ceil(2)) {
            scope.spawn(move || {
                let mut navigator = Navigator::new(Arc::clone(chart));
                for from in half {
                    for month in Month::all() {
                        drop(navigator.days_to(*from, ports, SHIP, month));
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
}
