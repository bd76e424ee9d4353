//! Maps of rain, warmth and currents; a world may lack any of them.

use super::canvas::{Canvas, Colour};
use super::maps::{Map, quiet};
use super::overlay;
use super::palette;
use super::text::whole;
use tessera_stage::staged::Staged;

/// Speeds of currents, m/s.
const CURRENTS: [(f64, Colour, &str); 4] = [
    (0.0, [138, 170, 190], "below 0.2 m/s"),
    (0.2, [72, 132, 176], "0.2 to 0.5 m/s"),
    (0.5, [26, 92, 152], "0.5 to 1 m/s"),
    (1.0, [120, 30, 100], "1 m/s and more"),
];
/// Pixels of an arrow for a metre a second.
const CURRENT_STRETCH: f64 = 16.0;

pub(super) fn rain(staged: &Staged, canvas: &Canvas) -> Option<Map> {
    let year_mm = |zone: usize| {
        let rain = staged.weather[staged.coarse_of(zone)?]?.rain?;
        Some(rain.months_mm.iter().map(|mm| f64::from(*mm)).sum::<f64>())
    };
    tinted(staged, canvas, "map-rain", "Rain in a year", "mm", &palette::RAIN, &year_mm)
}

pub(super) fn temperature(
    staged: &Staged,
    canvas: &Canvas,
    month: usize,
    id: &'static str,
    name: &str,
) -> Option<Map> {
    let celsius = |zone: usize| {
        let warmth = staged.weather[staged.coarse_of(zone)?]?.temperature?;
        Some(f64::from(warmth.months_tenths_c[month]) / 10.0)
    };
    let title = format!("Mean temperature in {name}");
    tinted(staged, canvas, id, &title, "°C", &palette::WARMTH, &celsius)
}

pub(super) fn currents(
    staged: &Staged,
    canvas: &Canvas,
    month: usize,
    id: &'static str,
    name: &str,
) -> Option<Map> {
    staged.current.iter().flatten().next()?;
    let flow = |zone: usize| Some(staged.current[staged.coarse_of(zone)?]?.months[month]);
    let (overlay, legend) = overlay::arrows(canvas, flow, &CURRENTS, CURRENT_STRETCH);
    Some(Map {
        id: id.to_owned(),
        title: format!("Currents in {name}"),
        alt: format!("Arrows point where the surface of the sea flows in {name}."),
        picture: None,
        overlay,
        legend,
    })
}

fn tinted(
    staged: &Staged,
    canvas: &Canvas,
    id: &'static str,
    title: &str,
    unit: &str,
    ramp: &[(f64, Colour)],
    value: &dyn Fn(usize) -> Option<f64>,
) -> Option<Map> {
    let known: Vec<f64> = (0..staged.zones.len()).filter_map(value).collect();
    let least = known.iter().copied().min_by(f64::total_cmp)?;
    let most = known.iter().copied().max_by(f64::total_cmp)?;
    let pixels = canvas.map(|zone| {
        zone.and_then(value).map_or_else(|| quiet(staged, zone), |value| palette::ramp(ramp, value))
    });
    let entry = |(stop, colour): &(f64, Colour)| (*colour, format!("{} {unit}", whole(*stop)));
    Some(Map {
        id: id.to_owned(),
        title: title.to_owned(),
        alt: format!("From {} to {} {unit}.", whole(least), whole(most)),
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend: ramp.iter().map(entry).collect(),
    })
}
