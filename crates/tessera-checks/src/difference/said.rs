//! What of a zone's facts is compared with the live release, and how it is said.

use tessera_grid::Zone;
use tessera_world::{Cell, FlowVector, Igbp, Koppen, Region};

/// What a layer says of a zone: as much of it as is compared.
#[derive(PartialEq)]
pub(super) enum Said {
    Nothing,
    /// Mean, least and greatest height, metres.
    Heights(i32, i32, i32),
    /// Land or lake water, thousandths.
    Share(u16, &'static str),
    /// Metres.
    Depth(u32),
    Climate(Koppen),
    Cover(Igbp),
    /// Whether boats go, the area drained, and where it flows.
    River(bool, Option<u32>, Option<Zone>),
    /// By month, cm/s.
    Flow([FlowVector; 12]),
    /// By month, millimetres.
    Rain([u16; 12]),
    /// By month, tenths of a degree Celsius.
    Temperature([i16; 12]),
    /// Kind of the crust, and the belt of mountain building.
    Ground(Option<String>, Option<String>),
}

impl Said {
    pub(super) fn of(layer: &str, cell: &Cell) -> Self {
        let said = match layer {
            "terrain" => cell.terrain.map(|it| {
                Self::Heights(it.elevation_mean_m, it.elevation_min_m, it.elevation_max_m)
            }),
            "surface" => cell.surface.map(|it| Self::Share(it.land_permille, "land")),
            "bathymetry" => cell.bathymetry.map(|it| Self::Depth(it.depth_mean_m)),
            "climate" => cell.climate.map(|it| Self::Climate(it.koppen)),
            "land_cover" => cell.land_cover.map(|it| Self::Cover(it.igbp)),
            "river" => cell
                .river
                .as_ref()
                .map(|it| Self::River(it.navigable, it.upstream_km2, it.downstream)),
            "lake" => cell.lake.as_ref().map(|it| Self::Share(it.water_permille, "lake")),
            "wind" => cell.wind.map(|it| Self::Flow(it.months)),
            "current" => cell.current.map(|it| Self::Flow(it.months)),
            "rain" => cell.weather.and_then(|it| it.rain).map(|it| Self::Rain(it.months_mm)),
            "temperature" => cell
                .weather
                .and_then(|it| it.temperature)
                .map(|it| Self::Temperature(it.months_tenths_c)),
            _ => cell.geology.as_ref().map(|it| {
                let name = |region: &Option<Region>| region.as_ref().map(|it| it.name.clone());
                Self::Ground(name(&it.crust), name(&it.orogen))
            }),
        };
        said.unwrap_or(Self::Nothing)
    }

    /// How great a change is within its layer; nothing counts as 0.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        match (self, other) {
            (Self::Flow(was), Self::Flow(becomes)) => most(was, becomes, |a, b| {
                let apart = |a: i16, b: i16| f64::from(a) - f64::from(b);
                apart(a.u_cm_s, b.u_cm_s).hypot(apart(a.v_cm_s, b.v_cm_s))
            }),
            (Self::Rain(was), Self::Rain(becomes)) => {
                most(was, becomes, |a, b| f64::from(a.abs_diff(*b)))
            }
            (Self::Temperature(was), Self::Temperature(becomes)) => {
                most(was, becomes, |a, b| f64::from(a.abs_diff(*b)))
            }
            _ => (self.size() - other.size()).abs(),
        }
    }

    fn size(&self) -> f64 {
        match self {
            Self::Nothing => 0.0,
            Self::Heights(mean, ..) => (*mean).into(),
            Self::Share(permille, _) => (*permille).into(),
            Self::Depth(metres) => (*metres).into(),
            Self::Climate(_) | Self::Cover(_) | Self::Ground(..) => 1.0,
            Self::Flow(months) => mean(months.iter().copied().map(speed)),
            Self::Rain(months) => months.iter().copied().map(f64::from).sum(),
            Self::Temperature(months) => mean(months.iter().copied().map(f64::from)),
            Self::River(_, km2, _) => f64::from(km2.unwrap_or(0)),
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Heights(mean, least, greatest) => format!("{mean} m ({least} to {greatest})"),
            Self::Share(permille, what) => format!("{permille} ‰ {what}"),
            Self::Depth(metres) => format!("{metres} m deep"),
            Self::Climate(class) => class.to_string(),
            Self::Cover(class) => format!("IGBP {}", u8::from(*class)),
            Self::River(boats, km2, downstream) => {
                let boats = if *boats { "river with boats" } else { "river" };
                let drains = km2.map_or_else(String::new, |km2| format!(", drains {km2} km²"));
                let to = downstream.map_or_else(String::new, |zone| format!(", to {zone}"));
                format!("{boats}{drains}{to}")
            }
            Self::Flow(months) => {
                let said = |month: usize| {
                    let FlowVector { u_cm_s, v_cm_s } = months[month];
                    format!("({u_cm_s}, {v_cm_s})")
                };
                format!("to east and north in January {}, in July {} cm/s", said(0), said(6))
            }
            Self::Rain(_) => format!("{:.0} mm a year", self.size()),
            Self::Temperature(_) => format!("{:.1} °C in the mean", self.size() / 10.0),
            Self::Ground(crust, orogen) => {
                let named = [crust, orogen].into_iter().flatten().cloned().collect::<Vec<_>>();
                if named.is_empty() { "nothing named".to_owned() } else { named.join(", ") }
            }
        }
    }
}

fn most<T>(was: &[T; 12], becomes: &[T; 12], apart: impl Fn(&T, &T) -> f64) -> f64 {
    was.iter().zip(becomes).map(|(a, b)| apart(a, b)).fold(0.0, f64::max)
}

fn mean(months: impl Iterator<Item = f64>) -> f64 {
    months.sum::<f64>() / 12.0
}

fn speed(flow: FlowVector) -> f64 {
    f64::from(flow.u_cm_s).hypot(f64::from(flow.v_cm_s))
}
