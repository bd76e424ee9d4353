//! One map for each layer: a picture made from the zones' own facts, what is drawn over it, its legend.

use super::canvas::{Canvas, Colour, WIDTH};
use super::facts::Facts;
use super::overlay;
use super::palette;
use super::text::{counted, thousands, whole};
use super::{covers, evidence, skies};
use std::collections::BTreeMap;
use tessera_stage::staged::Staged;
use tessera_world::{River, SurfaceKind};

/// Months of the two wind maps.
const JANUARY: usize = 0;
const JULY: usize = 6;
/// The upright of the light on the elevation map: relief is drawn this many times too steep, or at 10 km a
/// pixel the Alps would be flat.
const STEEPNESS: f64 = 14.0;
/// Metres across a pixel, near enough for shading.
const PIXEL_METRES: f64 = 9_000.0;
/// Classes named in the climate legend; the rest are counted.
const CLASSES_NAMED_MAX: usize = 18;

pub(super) struct Map {
    pub(super) id: String,
    pub(super) title: String,
    /// What a person who cannot see the map needs to know.
    pub(super) alt: String,
    /// A `data:` address; `None` where the plain map of land and sea is enough.
    pub(super) picture: Option<String>,
    /// SVG over the picture, in its pixels.
    pub(super) overlay: String,
    pub(super) legend: Vec<(Colour, String)>,
}

/// The layers' maps, in the order of the page.
pub(super) fn layers(staged: &Staged, canvas: &Canvas) -> Vec<Map> {
    let mut maps = vec![
        elevation(staged, canvas),
        surface(staged, canvas),
        rivers(staged, canvas),
        climate(staged, canvas),
    ];
    maps.push(wind(staged, canvas, JANUARY, "wind-january", "January"));
    maps.push(wind(staged, canvas, JULY, "wind-july", "July"));
    maps.push(places(staged, canvas));
    let others = [
        covers::lakes(staged, canvas),
        covers::land_cover(staged, canvas),
        covers::geology(staged, canvas),
        skies::rain(staged, canvas),
        skies::temperature(staged, canvas, JANUARY, "map-warmth-january", "January"),
        skies::temperature(staged, canvas, JULY, "map-warmth-july", "July"),
        skies::currents(staged, canvas, JULY, "map-currents-july", "July"),
        covers::old_coasts(staged, canvas),
        covers::conflicts(staged, canvas),
    ];
    maps.extend(others.into_iter().flatten());
    maps.extend(evidence::maps(staged, canvas));
    maps
}

/// Land and sea in two quiet colours, for maps whose matter is drawn over it.
pub(super) fn plain(staged: &Staged, canvas: &Canvas) -> String {
    canvas.picture(&canvas.map(|zone| quiet(staged, zone)))
}

pub(super) fn quiet(staged: &Staged, zone: Option<usize>) -> Colour {
    let Some(surface) = zone.and_then(|zone| staged.surface.get(zone)) else {
        return palette::NOTHING;
    };
    let share = f64::from(surface.land_permille) / 1000.0;
    palette::between(palette::SEA, palette::LAND, share)
}

/// Where findings lie.
pub(super) fn findings(facts: &Facts<'_>, canvas: &Canvas) -> Map {
    let all = facts.findings.rules.iter().flat_map(|rule| rule.findings.iter().copied());
    let (placed, pins) = overlay::pins(all, canvas.projection);
    Map {
        id: "map-findings".to_owned(),
        title: "Where they are".to_owned(),
        alt: format!(
            "{} have a position and are marked on the map; the tables below list them.",
            counted(placed, "finding")
        ),
        picture: None,
        overlay: pins,
        legend: vec![
            (palette::ERROR, "◆ error".to_owned()),
            (palette::WARNING, "▲ warning".to_owned()),
            (palette::NOTE, "■ note".to_owned()),
        ],
    }
}

fn elevation(staged: &Staged, canvas: &Canvas) -> Map {
    let metres: Vec<Option<f64>> = canvas.map(|zone| {
        zone.and_then(|zone| staged.terrain.get(zone))
            .map(|terrain| terrain.elevation_mean_m.into())
    });
    let tints = canvas.map(|zone| {
        let Some(zone) = zone else { return palette::NOTHING };
        let Some(terrain) = staged.terrain.get(zone) else { return palette::NOTHING };
        let sea = staged
            .surface
            .get(zone)
            .map_or(terrain.elevation_mean_m < 0, |surface| surface.kind == SurfaceKind::Sea);
        palette::elevation(terrain.elevation_mean_m.into(), sea)
    });
    let light = light(&metres);
    let pixels: Vec<Colour> =
        tints.into_iter().zip(light).map(|(tint, light)| palette::shaded(tint, light)).collect();
    let range = || staged.terrain.iter().flatten();
    let highest = range().map(|terrain| terrain.elevation_max_m).max();
    let deepest = range().map(|terrain| terrain.elevation_min_m).min();
    let alt = match (deepest, highest) {
        (Some(deepest), Some(highest)) => format!(
            "Mean elevation of each zone, tinted and shaded; the source reaches from {} m to {} m.",
            whole(deepest.into()),
            whole(highest.into())
        ),
        _ => "No zone has an elevation.".to_owned(),
    };
    Map {
        id: "map-elevation".to_owned(),
        title: "Elevation and sea floor".to_owned(),
        alt,
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend: palette::elevation_legend(),
    }
}

/// How bright each pixel is, 1 on the level, with the light from the north-west.
fn light(metres: &[Option<f64>]) -> Vec<f64> {
    let height = metres.len() / WIDTH;
    let smooth: Vec<Option<f64>> = (0..metres.len())
        .map(|pixel| {
            let (x, y) = (pixel % WIDTH, pixel / WIDTH);
            let rows = y.saturating_sub(1)..=(y + 1).min(height - 1);
            let near = rows.flat_map(|row| {
                (x.saturating_sub(1)..=(x + 1).min(WIDTH - 1))
                    .map(move |column| row * WIDTH + column)
            });
            let (sum, count) = near
                .filter_map(|index| metres[index])
                .fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
            (count > 0.0).then(|| sum / count)
        })
        .collect();
    let at = |x: usize, y: usize| smooth[y.min(height - 1) * WIDTH + x.min(WIDTH - 1)];
    (0..metres.len())
        .map(|pixel| {
            let (x, y) = (pixel % WIDTH, pixel / WIDTH);
            let sides = (
                at(x.saturating_sub(1), y),
                at(x + 1, y),
                at(x, y.saturating_sub(1)),
                at(x, y + 1),
            );
            let (Some(west), Some(east), Some(north), Some(south)) = sides else { return 1.0 };
            let scale = STEEPNESS / (2.0 * PIXEL_METRES);
            let (right, down) = ((east - west) * scale, (south - north) * scale);
            let towards_light =
                (right + down + 1.4) / ((right * right + down * down + 1.0).sqrt() * 1.4);
            0.62 + 0.38 * towards_light.clamp(0.0, 1.6)
        })
        .collect()
}

fn surface(staged: &Staged, canvas: &Canvas) -> Map {
    let kind_of = |zone: Option<usize>| {
        zone.and_then(|zone| staged.surface.get(zone)).map(|surface| surface.kind)
    };
    let mut pixels = canvas.map(|zone| kind_of(zone).map_or(palette::NOTHING, palette::surface));
    let coasts = staged.surface.facts().filter(|(_, surface)| surface.kind == SurfaceKind::Coast);
    canvas.mark(staged, &mut pixels, coasts.map(|(zone, it)| (zone, palette::surface(it.kind))));
    let count = |kind| {
        staged.surface.iter().flatten().filter(|surface| surface.kind == kind).count() as u64
    };
    let kinds = [SurfaceKind::Sea, SurfaceKind::Coast, SurfaceKind::Land];
    let entry = |kind: SurfaceKind| {
        (palette::surface(kind), format!("{}, {}", kind.as_str(), counted(count(kind), "zone")))
    };
    Map {
        id: "map-surface".to_owned(),
        title: "Sea, coast and land".to_owned(),
        alt: format!(
            "{} zones of sea, {} of coast, {} of land.",
            thousands(count(SurfaceKind::Sea)),
            thousands(count(SurfaceKind::Coast)),
            thousands(count(SurfaceKind::Land))
        ),
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend: kinds.map(entry).to_vec(),
    }
}

fn rivers(staged: &Staged, canvas: &Canvas) -> Map {
    let colour = |river: &River| if river.navigable { palette::NAVIGABLE } else { palette::RIVER };
    let mut pixels = canvas.map(|zone| {
        zone.and_then(|zone| staged.river.get(zone)).map_or_else(|| quiet(staged, zone), colour)
    });
    // Where a pixel holds both, boats go.
    for boats in [false, true] {
        let rivers = staged.river.iter().filter(|(_, river)| river.navigable == boats);
        canvas.mark(staged, &mut pixels, rivers.map(|(zone, river)| (zone, colour(river))));
    }
    let rivers = || staged.river.iter().map(|(_, river)| river);
    let navigable = rivers().filter(|river| river.navigable).count() as u64;
    let known = rivers().filter(|river| river.upstream_km2.is_some()).count() as u64;
    let all = rivers().count() as u64;
    Map {
        id: "map-rivers".to_owned(),
        title: "Rivers".to_owned(),
        alt: format!(
            "{}, {} of them navigable; the area drained is known for {}.",
            counted(all, "river zone"),
            thousands(navigable),
            thousands(known)
        ),
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend: vec![
            (palette::NAVIGABLE, "navigable".to_owned()),
            (palette::RIVER, "not navigable".to_owned()),
        ],
    }
}

fn climate(staged: &Staged, canvas: &Canvas) -> Map {
    let class_of = |zone: Option<usize>| zone.and_then(|zone| staged.climate.get(zone));
    let pixels = canvas.map(|zone| match class_of(zone) {
        Some(climate) => palette::koppen(climate.koppen.as_str()),
        None if zone.is_none() => palette::NOTHING,
        None => palette::SEA,
    });
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for climate in staged.climate.iter().flatten() {
        *counts.entry(climate.koppen.as_str()).or_default() += 1;
    }
    let mut classes: Vec<(&str, u64)> = counts.into_iter().collect();
    classes.sort_by_key(|(class, count)| (std::cmp::Reverse(*count), *class));
    let name = |class: &str| {
        palette::KOPPEN
            .iter()
            .find(|(known, _, _)| *known == class)
            .map_or("not in the table of classes", |(_, _, name)| *name)
    };
    let named = classes.iter().take(CLASSES_NAMED_MAX).map(|(class, count)| {
        (palette::koppen(class), format!("{class} {}, {}", name(class), thousands(*count)))
    });
    let mut legend: Vec<(Colour, String)> = named.collect();
    let rare = classes.get(CLASSES_NAMED_MAX..).unwrap_or_default();
    if !rare.is_empty() {
        let zones = rare.iter().map(|(_, count)| count).sum();
        let label = format!("and {} rarer ones, {}", rare.len(), thousands(zones));
        legend.push((palette::NOTHING, label));
    }
    let most = classes.first().map_or_else(
        || "No zone has a climate.".to_owned(),
        |(class, count)| {
            format!(
                "{} classes; most zones, {}, are {class} ({}).",
                classes.len(),
                thousands(*count),
                name(class)
            )
        },
    );
    Map {
        id: "map-climate".to_owned(),
        title: "Climate (Köppen–Geiger)".to_owned(),
        alt: most,
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend,
    }
}

fn wind(staged: &Staged, canvas: &Canvas, month: usize, id: &'static str, name: &str) -> Map {
    let speeds: Vec<f64> =
        staged.wind.iter().flatten().map(|wind| wind.months[month].speed_m_s()).collect();
    let mean = speeds.iter().sum::<f64>() / speeds.len().max(1) as f64;
    let alt = if speeds.is_empty() {
        "No zone has a wind.".to_owned()
    } else {
        format!(
            "Arrows point where the mean wind of {name} blows; its mean speed over all zones is {mean:.1} m/s."
        )
    };
    let blows = |zone: usize| Some(staged.wind[staged.coarse_of(zone)?]?.months[month]);
    let (overlay, legend) = overlay::arrows(canvas, blows, &overlay::WINDS, overlay::WIND_STRETCH);
    Map {
        id: id.to_owned(),
        title: format!("Winds in {name}"),
        alt,
        picture: None,
        overlay,
        legend,
    }
}

fn places(staged: &Staged, canvas: &Canvas) -> Map {
    let harbours = staged.places.iter().filter(|place| place.water_zone.is_some()).count() as u64;
    Map {
        id: "map-places".to_owned(),
        title: "Places".to_owned(),
        alt: format!(
            "{}, {} of them sea harbours; the greatest are named.",
            counted(staged.places.len() as u64, "place"),
            thousands(harbours)
        ),
        picture: None,
        overlay: overlay::places(&staged.places, canvas.projection),
        legend: vec![
            (overlay::SEA_HARBOUR, "sea harbour".to_owned()),
            (overlay::RIVER_HARBOUR, "river harbour".to_owned()),
            (overlay::NO_HARBOUR, "no harbour".to_owned()),
        ],
    }
}
