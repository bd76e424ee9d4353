//! Maps of what lies on the ground and of where sources or ages differ; a world may lack any of them.

use super::canvas::{Canvas, Colour};
use super::maps::{Map, quiet};
use super::palette;
use super::text::{counted, thousands, year};
use std::collections::BTreeMap;
use tessera_stage::staged::Staged;
use tessera_world::Lake;

/// Names in a legend; the rest are counted.
const NAMED_MAX: usize = 18;

pub(super) fn lakes(staged: &Staged, canvas: &Canvas) -> Option<Map> {
    let count = staged.lake.len() as u64;
    let named = staged.lake.iter().filter(|(_, lake)| lake.latin.is_some()).count() as u64;
    let colour = |lake: &Lake| {
        let share = f64::from(lake.water_permille) / 1000.0;
        palette::between(palette::RIVER, palette::NAVIGABLE, share)
    };
    let mut pixels = canvas.map(|zone| {
        zone.and_then(|zone| staged.lake.get(zone)).map_or_else(|| quiet(staged, zone), colour)
    });
    let lakes = staged.lake.iter().map(|(zone, lake)| (zone, colour(lake)));
    canvas.mark(staged, &mut pixels, lakes);
    (count > 0).then(|| Map {
        id: "map-lakes".to_owned(),
        title: "Lakes".to_owned(),
        alt: format!(
            "Lake water in {}, {} of them with a Latin name.",
            counted(count, "zone"),
            thousands(named)
        ),
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend: vec![
            (palette::RIVER, "a little water".to_owned()),
            (palette::NAVIGABLE, "all water".to_owned()),
        ],
    })
}

pub(super) fn land_cover(staged: &Staged, canvas: &Canvas) -> Option<Map> {
    let mut counts: BTreeMap<&'static str, (Colour, u64)> = BTreeMap::new();
    for (_, cover) in staged.land_cover.facts() {
        let class = cover.igbp;
        counts.entry(class.name()).or_insert((palette::land_cover(class.into()), 0)).1 += 1;
    }
    let pixels = canvas.map(|zone| match zone.and_then(|zone| staged.land_cover.get(zone)) {
        Some(cover) => palette::land_cover(cover.igbp.into()),
        None => quiet(staged, zone),
    });
    let picture = canvas.picture(&pixels);
    classes("map-land-cover", "Land cover of today (IGBP)", picture, counts)
}

pub(super) fn geology(staged: &Staged, canvas: &Canvas) -> Option<Map> {
    let name_of = |zone: usize| {
        let geology = staged.geology[staged.coarse_of(zone)?].as_ref()?;
        let region = geology.orogen.as_ref().or(geology.crust.as_ref())?;
        Some(region.name.as_str())
    };
    let mut zones: BTreeMap<&str, u64> = BTreeMap::new();
    for zone in 0..staged.zones.len() {
        if let Some(name) = name_of(zone) {
            *zones.entry(name).or_default() += 1;
        }
    }
    let colours = colours(&zones);
    let pixels = canvas.map(|zone| {
        zone.and_then(name_of)
            .and_then(|name| colours.get(name).copied())
            .unwrap_or_else(|| quiet(staged, zone))
    });
    let counts = zones.into_iter().map(|(name, count)| (name, (colours[name], count))).collect();
    classes("map-geology", "Crust and orogens", canvas.picture(&pixels), counts)
}

/// Zones that were water in some years and are land now.
pub(super) fn old_coasts(staged: &Staged, canvas: &Canvas) -> Option<Map> {
    let years: Vec<i32> = staged.surface_intervals.iter().map(|(_, era)| era.valid_from).collect();
    let mut pixels =
        canvas.map(|zone| match zone.and_then(|zone| staged.surface_intervals.get(zone)) {
            Some(_) => palette::WARNING,
            None => quiet(staged, zone),
        });
    let moved = staged.surface_intervals.iter().map(|(zone, _)| (zone, palette::WARNING));
    canvas.mark(staged, &mut pixels, moved);
    let (first, last) = (years.iter().min()?, years.iter().max()?);
    Some(Map {
        id: "map-old-coasts".to_owned(),
        title: "Coasts that moved".to_owned(),
        alt: format!(
            "{} of another surface in some years, the earliest from {}, the latest from {}.",
            counted(years.len() as u64, "interval"),
            year(*first),
            year(*last)
        ),
        picture: Some(canvas.picture(&pixels)),
        overlay: String::new(),
        legend: vec![(palette::WARNING, "water in some years, land in others".to_owned())],
    })
}

/// Where two sources disagree, by the layer they speak of.
pub(super) fn conflicts(staged: &Staged, canvas: &Canvas) -> Option<Map> {
    let mut zones: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, clash) in staged.conflicts.iter() {
        *zones.entry(clash.layer.as_ref()).or_default() += 1;
    }
    let colours = colours(&zones);
    let mut pixels = canvas.map(|zone| match zone.and_then(|zone| staged.conflicts.get(zone)) {
        Some(clash) => colours[clash.layer.as_ref()],
        None => quiet(staged, zone),
    });
    let clashes = staged.conflicts.iter().map(|(zone, it)| (zone, colours[it.layer.as_ref()]));
    canvas.mark(staged, &mut pixels, clashes);
    let zones = zones.into_iter().map(|(name, count)| (name, (colours[name], count))).collect();
    classes("map-conflicts", "Where sources disagree", canvas.picture(&pixels), zones)
}

/// A colour for each name. Neighbours in the alphabet are seldom neighbours on the ground, so the wheel goes
/// round by name.
fn colours<'a>(names: &BTreeMap<&'a str, u64>) -> BTreeMap<&'a str, Colour> {
    names.keys().enumerate().map(|(index, name)| (*name, palette::wheel(index))).collect()
}

/// A map of classes, the commonest named in its legend; none where no zone has one.
fn classes(
    id: &'static str,
    title: &str,
    picture: String,
    counts: BTreeMap<&str, (Colour, u64)>,
) -> Option<Map> {
    let zones: u64 = counts.values().map(|(_, count)| count).sum();
    let mut common: Vec<(&str, (Colour, u64))> = counts.into_iter().collect();
    common.sort_by_key(|(name, (_, count))| (std::cmp::Reverse(*count), *name));
    let (most, (_, count)) = *common.first()?;
    let entry = |(name, (colour, count)): &(&str, (Colour, u64))| {
        (*colour, format!("{name}, {}", thousands(*count)))
    };
    Some(Map {
        id: id.to_owned(),
        title: title.to_owned(),
        alt: format!(
            "{} in {}; the most, {}, are {most}.",
            counted(zones, "zone"),
            if common.len() == 1 {
                "one class".to_owned()
            } else {
                format!("{} classes", common.len())
            },
            thousands(count)
        ),
        picture: Some(picture),
        overlay: String::new(),
        legend: common.iter().take(NAMED_MAX).map(entry).collect(),
    })
}
