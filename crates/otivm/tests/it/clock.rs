//! A machine's clock that steps by years: play goes by the time that passes.

use crate::scene::{FairWeather, House, cache_world, config};
use jiff::{SignedDuration, Timestamp};
use otivm_api::{Me, Moments};
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;
use theron_service::{Clock, ManualClock, SteadyClock};
use theron_testkit::TestMesh;

const DAY_S: i64 = 86_400;
const TEN_YEARS_S: i64 = 3_650 * DAY_S;

/// What the machine's clock says, and what has passed.
struct Machine {
    wall: Arc<ManualClock>,
    passed: Arc<ManualClock>,
}

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        self.wall.now()
    }
}

fn machine() -> (Arc<ManualClock>, Arc<ManualClock>, SteadyClock<Machine>) {
    let [wall, passed] = [theron_testkit::clock(), theron_testkit::clock()].map(Arc::new);
    let machine = Machine { wall: Arc::clone(&wall), passed: Arc::clone(&passed) };
    let since = |machine: &Machine| machine.passed.now().duration_since(Timestamp::UNIX_EPOCH);
    (wall, passed, SteadyClock::new(machine, since))
}

fn step(clock: &ManualClock, seconds: i64) {
    clock.advance(SignedDuration::from_secs(seconds));
}

#[test]
fn a_correction_is_followed_and_a_leap_of_years_is_not_until_it_is_taken_back() {
    let second =
        |clock: &SteadyClock<Machine>| clock.now().as_second() - theron_testkit::TEST_EPOCH_SECONDS;
    let (wall, passed, clock) = machine();
    for (correction, after) in [(1, 1), (-1, 0), (600, 600), (-600, 0)] {
        step(&wall, correction);
        assert_eq!(second(&clock), after);
    }
    for leap in [601, -601, DAY_S, -TEN_YEARS_S, TEN_YEARS_S] {
        let (wall, passed, clock) = machine();
        step(&wall, leap);
        assert_eq!(second(&clock), 0, "{leap}");
        step(&passed, 100);
        step(&wall, 100);
        assert_eq!(second(&clock), 100, "{leap}: time passes");
        step(&wall, 5 - leap);
        assert_eq!(second(&clock), 105, "{leap}: taken back, and five seconds corrected");
    }
    step(&passed, 3 * DAY_S);
    step(&wall, 3 * DAY_S);
    assert_eq!(second(&clock), 3 * DAY_S, "a machine that slept");
}

#[tokio::test]
async fn a_leap_of_ten_years_writes_no_moment_of_another_year_and_pays_for_none() {
    let mesh = Arc::new(TestMesh::new().unwrap());
    let config = config(&mesh);
    cache_world(&config, "Mare");
    let (wall, passed, clock) = machine();
    let house =
        House::start_by(Arc::new(FairWeather), mesh, Arc::clone(&passed), Arc::new(clock), config)
            .await;
    let player = house.enrol().await;
    player.act(Method::POST, "/otium", json!({})).await;
    step(&wall, TEN_YEARS_S);
    let rested: Me = player.act(Method::DELETE, "/otium", json!({})).await.me;
    // The as of the moment that passed, and not of the years.
    assert_eq!((rested.gravitas, rested.purse_asses), (0, 47_999));
    player.act(Method::POST, "/voyages", json!({"to": "puteoli"})).await;
    step(&wall, -TEN_YEARS_S);
    for clock in [&wall, &passed] {
        step(clock, DAY_S);
    }
    assert_eq!(player.me().await.place.as_deref(), Some("puteoli"));
    player.write("Adveni.").await;
    let moments: Moments = player.get("/moments?limit=1000").await;
    let last = moments.moments.last().unwrap().at;
    assert_eq!(last, (theron_testkit::TEST_EPOCH_SECONDS + DAY_S) * 1_000_000);
    house.running.drain().await;
    otivm::verify(
        &house.config.service.data_dir.join(format!("data/players/{}.sqlite3", player.token)),
    )
    .unwrap();
}

/// Seconds after 1970 that 32 bits no longer hold: 19 January 2038, 03:14:08 UTC.
const END_OF_32_BITS_S: i64 = 1 << 31;

/// Rests from a moment on while time passes, step by step as the machine's clock says it; what the rest brought,
/// and when each moment was written.
async fn rest(from_s: i64, steps_s: &[i64]) -> ((i64, i64), Vec<i64>) {
    let mesh = Arc::new(TestMesh::new().unwrap());
    let config = config(&mesh);
    cache_world(&config, "Mare");
    let (wall, passed, clock) = machine();
    for clock in [&wall, &passed] {
        step(clock, from_s - theron_testkit::TEST_EPOCH_SECONDS);
    }
    // Both clocks stand far from where the steady one was anchored, by equal steps: that is time that passed.
    assert_eq!(clock.now().as_second(), from_s);
    let house =
        House::start_by(Arc::new(FairWeather), mesh, Arc::clone(&passed), Arc::new(clock), config)
            .await;
    let player = house.enrol().await;
    player.act(Method::POST, "/otium", json!({})).await;
    for seconds in steps_s {
        step(&wall, *seconds);
        step(&passed, (*seconds).max(0));
        player.write("Hora est.").await;
    }
    let rested: Me = player.act(Method::DELETE, "/otium", json!({})).await.me;
    let moments: Moments = player.get("/moments?limit=1000").await;
    house.running.drain().await;
    otivm::verify(
        &house.config.service.data_dir.join(format!("data/players/{}.sqlite3", player.token)),
    )
    .unwrap();
    let written = moments.moments.iter().map(|moment| moment.at).collect();
    ((rested.gravitas, rested.purse_asses), written)
}

#[tokio::test]
async fn a_rest_over_the_end_of_32_bits_or_over_a_leap_second_pays_what_any_rest_does() {
    let any = rest(END_OF_32_BITS_S - 400 * DAY_S, &[7_200, 7_200]).await;
    assert!(any.0.0 > 0, "a rest brings something: {:?}", any.0);
    let over_2038 = rest(END_OF_32_BITS_S - 7_200, &[7_200, 7_200]).await;
    assert_eq!(over_2038.0, any.0);
    let last_s = over_2038.1.last().unwrap() / 1_000_000;
    assert_eq!(last_s, END_OF_32_BITS_S + 7_200, "written as it was");
    // A leap second as POSIX counts: the last second of the day comes twice.
    let leap = rest(END_OF_32_BITS_S - 7_200, &[7_200, -1, 1, 7_200]).await;
    assert_eq!(leap.0, any.0, "the second that came twice is paid once");
    assert!(leap.1.is_sorted_by(|a, b| a < b), "moments come after each other: {:?}", leap.1);
}
