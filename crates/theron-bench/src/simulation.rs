//! The game as a simulation owns it: answered ahead of the disk, many moments a commit.

use crate::{
    game::{Place, SEATS, act, enrol_all},
    house::House,
    machine::row,
};

/// As `config.example.toml` proposes it.
const AHEAD: &str = "[simulation]\nanswers_ahead_ms = 200";
const IN_FLIGHT: [usize; 2] = [1, 3];

pub(crate) async fn measure(place: &Place<'_>) -> anyhow::Result<()> {
    let folder = place.folder.join("simulation");
    let house = House::new(place.programs, &folder, place.release, SEATS, AHEAD)?;
    let running = house.start().await?;
    let cookies = enrol_all().await?;
    for in_flight in IN_FLIGHT {
        let figure = act(&running, &cookies, in_flight, place.each, None)?;
        row(
            &format!("game as a simulation's, moments, 128 seats, {in_flight} in flight each"),
            &figure.outcome.figure(),
            &format!(
                "aim 25,000/s; on the disk 200 ms later; CPU µs a moment: server {:.0}, caller {:.0}",
                figure.server_us, figure.caller_us
            ),
        );
    }
    running.kill()?;
    let broken = house.verify(&house.files()?)?;
    row("its files after a SIGKILL", &format!("{} not whole", broken.len()), "128 files");
    Ok(())
}
