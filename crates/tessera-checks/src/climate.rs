//! Climate, rain and temperature: what latitude, height and season ask of them.

use crate::found::{Count, Found, Heaviest, Spot};
use crate::walk::{Look, View};
use tessera_grid::{Position, Zone};
use tessera_stage::staged::Staged;
use tessera_world::{Rain, SurfaceKind, Temperature};

/// North of it nothing tropical grows.
const TROPICS_END: f64 = 40.0;
/// South of it only high mountains are polar.
const POLAR_BEGIN: f64 = 20.0;
const POLAR_FROM_M: i32 = 3_000;
/// Zones against their latitude, at most.
const ODD_SHARE_MAX: f64 = 0.01;
/// Zones whose class and weather exclude each other, at most.
const CLASS_SHARE_MAX: f64 = 0.25;
/// Cherrapunji has 2.7 m of rain in a month of June.
const RAIN_MONTH_MAX_MM: u16 = 3_500;
/// What falls on the land of a world in a year, mm; a thousandth of it is in metres.
const RAIN_YEAR_MM: std::ops::RangeInclusive<f64> = 20.0..=6_000.0;
/// Monthly means on this planet, tenths of a degree C.
const TENTHS_C: std::ops::RangeInclusive<i16> = -600..=500;
/// Only a temperature in kelvins is above this, tenths.
const KELVIN_FROM: i16 = 2_000;
/// Poleward of it summer is warmer than winter, degrees.
const SEASONS_FROM: f64 = 25.0;
const SEASON_SHARE_MAX: f64 = 0.05;
/// Bands of latitude in which heights are compared, degrees.
const BAND: f64 = 2.0;
/// Heights in a band must differ this much, on average, to ask what height does, metres.
const RELIEF_M: f64 = 200.0;
/// Degrees of latitude that a world spans before its south must be warmer.
const SPAN_FROM: f64 = 10.0;

pub(crate) fn check(staged: &Staged, found: &mut Found) {
    ranges(staged, found);
    rain_season(staged, found);
    temperature_season(staged, found);
    lapse(staged, found);
}

fn rains(staged: &Staged) -> impl Iterator<Item = (usize, Zone, Rain)> + '_ {
    let zones = staged.coarse_zones.iter().zip(&staged.weather).enumerate();
    zones.filter_map(|(at, (&zone, weather))| Some((at, zone, weather.as_ref()?.rain?)))
}

fn temperatures(staged: &Staged) -> impl Iterator<Item = (usize, Zone, Temperature)> + '_ {
    let zones = staged.coarse_zones.iter().zip(&staged.weather).enumerate();
    zones.filter_map(|(at, (&zone, weather))| Some((at, zone, weather.as_ref()?.temperature?)))
}

fn year_mm(rain: &Rain) -> u32 {
    rain.months_mm.iter().map(|mm| u32::from(*mm)).sum()
}

fn ranges(staged: &Staged, found: &mut Found) {
    let (mut wet, mut sum, mut zones) = (Heaviest::default(), 0.0, 0_u64);
    for (at, zone, rain) in rains(staged) {
        sum += f64::from(year_mm(&rain));
        zones += 1;
        let most = rain.months_mm.into_iter().max().unwrap_or_default();
        if most > RAIN_MONTH_MAX_MM {
            let weight = f64::from(most);
            wet.put(at, weight, || {
                Spot::zone(zone, weight, format!("{most} mm of rain in a month"))
            });
        }
    }
    found.heaviest("rain_range", wet);
    let mean = sum / zones.max(1) as f64;
    if zones > 0 && !RAIN_YEAR_MM.contains(&mean) {
        found.say("rain_mean", format!("{mean:.1} mm of rain fall in a year, on average"));
    }
    let mut odd = Heaviest::default();
    for (at, zone, temperature) in temperatures(staged) {
        let months = temperature.months_tenths_c;
        let Some(&worst) = months.iter().find(|tenths| !TENTHS_C.contains(tenths)) else {
            continue;
        };
        let hint = if worst > KELVIN_FROM { ": these are kelvins" } else { "" };
        let weight = f64::from(worst).abs();
        let degrees = f64::from(worst) / 10.0;
        odd.put(at, weight, || {
            Spot::zone(zone, weight, format!("a monthly mean of {degrees:.1} degrees C{hint}"))
        });
    }
    found.heaviest("temperature_range", odd);
}

/// A place whose rainy season is known: it rains more in the first month than in the second.
struct Season {
    name: &'static str,
    latitude: f64,
    longitude: f64,
    wet: usize,
    dry: usize,
}

const fn winter(name: &'static str, latitude: f64, longitude: f64) -> Season {
    Season { name, latitude, longitude, wet: 0, dry: 6 }
}

const fn summer(name: &'static str, latitude: f64, longitude: f64) -> Season {
    Season { name, latitude, longitude, wet: 6, dry: 0 }
}

/// Rain of January against rain of July: the Mediterranean's winter, the monsoon's summer.
const SEASONS: [Season; 9] = [
    winter("Rome", 41.9, 12.5),
    winter("Gades", 36.5, -6.3),
    winter("Carthage", 36.85, 10.3),
    winter("Delos", 37.4, 25.27),
    winter("Antioch", 36.2, 36.2),
    winter("Alexandria", 31.2, 29.9),
    summer("Muziris", 10.2, 76.2),
    summer("Barygaza", 21.7, 73.0),
    summer("Aksum", 14.1, 38.7),
];

fn rain_season(staged: &Staged, found: &mut Found) {
    let (mut asked, mut contrary) = (0, Vec::new());
    for season in &SEASONS {
        let here = Position::new(season.latitude, season.longitude)
            .ok()
            .map(|position| Zone::at(position, staged.coarse_resolution))
            .and_then(|zone| Some((zone, staged.weather[staged.coarse_index_of(zone)?]?.rain?)));
        let Some((zone, rain)) = here else { continue };
        asked += 1;
        let (wet, dry) = (rain.months_mm[season.wet], rain.months_mm[season.dry]);
        if wet <= dry {
            let [january, july] = [rain.months_mm[0], rain.months_mm[6]];
            let message = format!(
                "{} has {january} mm of rain in January and {july} in July: the seasons are the other way round",
                season.name
            );
            contrary.push(Spot::zone(zone, f64::from(dry - wet), message));
        }
    }
    if 2 * contrary.len() > asked {
        found.spots("rain_season", contrary);
    }
}

fn temperature_season(staged: &Staged, found: &mut Found) {
    let (mut asked, mut contrary) = (0_u64, Count::default());
    for (_, zone, temperature) in temperatures(staged) {
        let latitude = zone.centre().latitude();
        if latitude.abs() < SEASONS_FROM {
            continue;
        }
        asked += 1;
        let months = temperature.months_tenths_c.map(i32::from);
        let july = months[5] + months[6] + months[7];
        let january = months[11] + months[0] + months[1];
        contrary.add_if(if latitude > 0.0 { july <= january } else { january <= july }, zone);
    }
    if contrary.count as f64 > SEASON_SHARE_MAX * asked as f64 {
        found.zones("temperature_season", contrary, "its winter is warmer than its summer");
    }
}

/// What latitude and height do to the mean temperature of the year.
fn lapse(staged: &Staged, found: &mut Found) {
    let mut bands: std::collections::BTreeMap<i32, Vec<(f64, f64)>> =
        std::collections::BTreeMap::new();
    for (_, zone, temperature) in temperatures(staged) {
        let months = temperature.months_tenths_c.map(f64::from);
        let mean = months.iter().sum::<f64>() / 120.0;
        let middle =
            zone.descendants(staged.resolution).next().and_then(|zone| staged.index_of(zone));
        let height = middle
            .filter(|&at| staged.surface.get(at).is_some_and(|s| s.kind == SurfaceKind::Land))
            .and_then(|at| staged.terrain.get(at))
            .map(|terrain| f64::from(terrain.elevation_mean_m));
        let band = (zone.centre().latitude().abs() / BAND).floor() as i32;
        bands.entry(band).or_default().push((height.unwrap_or(f64::NAN), mean));
    }
    if let (Some((&south, warm)), Some((&north, cold))) =
        (bands.first_key_value(), bands.last_key_value())
    {
        let mean =
            |band: &[(f64, f64)]| band.iter().map(|(_, c)| c).sum::<f64>() / band.len() as f64;
        let (warm, cold) = (mean(warm), mean(cold));
        if f64::from(north - south) * BAND >= SPAN_FROM && cold >= warm {
            let message = format!(
                "it is {cold:.1} degrees C near the pole's end of the world and {warm:.1} near the equator's"
            );
            found.say("temperature_latitude", message);
        }
    }
    let (mut covariance, mut variance, mut zones) = (0.0, 0.0, 0_u64);
    for band in bands.values() {
        let known: Vec<_> = band.iter().filter(|(height, _)| !height.is_nan()).collect();
        let count = known.len().max(1) as f64;
        let height = known.iter().map(|(height, _)| height).sum::<f64>() / count;
        let mean = known.iter().map(|(_, mean)| mean).sum::<f64>() / count;
        for (h, t) in known {
            covariance += (h - height) * (t - mean);
            variance += (h - height) * (h - height);
            zones += 1;
        }
    }
    if variance > RELIEF_M * RELIEF_M * zones as f64 && covariance > 0.0 {
        let message = format!(
            "at one latitude it grows {:.1} degrees C warmer with a kilometre of height",
            1000.0 * covariance / variance
        );
        found.say("temperature_lapse", message);
    }
}

/// Classes of zones against their latitude and their weather.
pub(crate) struct Classes<'a> {
    staged: &'a Staged,
    latitude: Heaviest,
    weather: Heaviest,
    asked: u64,
    weather_asked: u64,
    /// The coarse zone of the last zone, as neighbours in order mostly share it.
    coarse: Option<(Zone, Option<usize>)>,
}

impl<'a> Classes<'a> {
    pub(crate) fn new(staged: &'a Staged) -> Self {
        Self {
            staged,
            latitude: Heaviest::default(),
            weather: Heaviest::default(),
            asked: 0,
            weather_asked: 0,
            coarse: None,
        }
    }

    fn coarse(&mut self, zone: Zone) -> Option<usize> {
        let coarse = zone.ancestor(self.staged.coarse_resolution)?;
        match self.coarse {
            Some((last, index)) if last == coarse => index,
            _ => {
                let index = self.staged.coarse_zones.binary_search(&coarse).ok();
                self.coarse = Some((coarse, index));
                index
            }
        }
    }
}

impl Look for Classes<'_> {
    fn look(&mut self, view: &View) {
        let Some(koppen) = view.climate.map(|climate| climate.koppen.as_str()) else { return };
        self.asked += 1;
        if koppen.starts_with(['A', 'E']) {
            let latitude = view.zone.centre().latitude().abs();
            let high = view.terrain.is_some_and(|terrain| terrain.elevation_max_m >= POLAR_FROM_M);
            let tropical = koppen.starts_with('A') && latitude > TROPICS_END;
            if tropical || (koppen.starts_with('E') && latitude < POLAR_BEGIN && !high) {
                self.latitude.zone(view.index, view.zone, latitude, || {
                    format!("climate {koppen} at {latitude:.1} degrees")
                });
            }
        }
        let weather = self.coarse(view.zone).and_then(|at| self.staged.weather[at]);
        let Some(weather) = weather else { return };
        self.weather_asked += 1;
        if let Some((weight, reason)) = contradiction(koppen, weather.rain, weather.temperature) {
            self.weather
                .zone(view.index, view.zone, weight, || format!("climate {koppen}, but {reason}"));
        }
    }

    fn join(&mut self, later: Self) {
        self.latitude.join(later.latitude);
        self.weather.join(later.weather);
        self.asked += later.asked;
        self.weather_asked += later.weather_asked;
    }
}

/// What the weather of a zone says against its class, with room for hills inside a coarse zone.
fn contradiction(
    koppen: &str,
    rain: Option<Rain>,
    temperature: Option<Temperature>,
) -> Option<(f64, String)> {
    let months = temperature.map(|temperature| temperature.months_tenths_c);
    let coldest = months.and_then(|months| months.into_iter().min());
    let warmest = months.and_then(|months| months.into_iter().max());
    match koppen.as_bytes().first()? {
        b'A' => coldest.filter(|coldest| *coldest < 100).map(|c| {
            (
                f64::from(100 - c),
                format!("its coldest month has {:.1} degrees C", f64::from(c) / 10.0),
            )
        }),
        b'E' => warmest.filter(|warmest| *warmest > 200).map(|c| {
            (
                f64::from(c - 200),
                format!("its warmest month has {:.1} degrees C", f64::from(c) / 10.0),
            )
        }),
        b'B' => rain
            .map(|rain| year_mm(&rain))
            .filter(|mm| *mm > 1_500)
            .map(|mm| (f64::from(mm - 1_500) / 10.0, format!("{mm} mm of rain fall in a year"))),
        _ => None,
    }
}

impl Classes<'_> {
    pub(crate) fn say(self, found: &mut Found) {
        if self.latitude.count as f64 > ODD_SHARE_MAX * self.asked as f64 {
            let message = format!(
                "{} of {} zones have a climate that their latitude forbids",
                self.latitude.count, self.asked
            );
            found.say("climate_latitude_share", message);
        }
        found.heaviest("climate_latitude", self.latitude);
        if self.weather.count as f64 > CLASS_SHARE_MAX * self.weather_asked as f64 {
            let message = format!(
                "the weather of {} of {} zones contradicts their climate",
                self.weather.count, self.weather_asked
            );
            found.say("climate_weather_share", message);
        }
        found.heaviest("climate_weather", self.weather);
    }
}
