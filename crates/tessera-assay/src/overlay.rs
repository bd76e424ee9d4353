//! What is drawn over the pictures, as SVG: the coast, winds, places with their names, findings.

use super::canvas::{Canvas, Colour, Projection, WIDTH};
use super::palette::hex;
use super::text::escape;
use geo_types::Coord;
use std::fmt::Write;
use tessera_checks::finding::{Finding, Severity};
use tessera_grid::Zone;
use tessera_stage::staged::Staged;
use tessera_tiles::clip::{Rect, clip_line, signed_area_doubled};
use tessera_tiles::dissolve::dissolve;
use tessera_tiles::lakes;
use tessera_tiles::simplify::simplify_ring;
use tessera_world::{FlowVector, Harbour, Place};

pub(super) const SEA_HARBOUR: Colour = [11, 79, 130];
pub(super) const RIVER_HARBOUR: Colour = [46, 125, 80];
pub(super) const NO_HARBOUR: Colour = [120, 60, 40];

/// Pixels between arrows: far enough apart that the longest do not touch.
const ARROW_SPACING: usize = 30;
const ARROW_MAX: f64 = 26.0;
/// Metres per second and the colour of arrows from there on.
pub(super) const WINDS: [(f64, Colour, &str); 4] = [
    (0.0, [122, 138, 150], "below 2 m/s"),
    (2.0, [70, 120, 150], "2 to 4 m/s"),
    (4.0, [24, 88, 140], "4 to 6 m/s"),
    (6.0, [150, 40, 50], "6 m/s and more"),
];
/// Pixels of an arrow for a metre a second, beyond those of its head.
pub(super) const WIND_STRETCH: f64 = 3.0;
const ARROW_HEAD: f64 = 4.0;

/// Names of places from this rank on are written where there is room.
const NAMED_RANK_MAX: u8 = 3;
/// User units: the size of names, and how wide a letter of it is at most.
const NAME_SIZE: f64 = 12.5;
const LETTER_WIDTH: f64 = 6.9;

/// The coast as the data of one SVG path, to half a pixel.
pub(super) fn coast(staged: &Staged, projection: Projection) -> String {
    let view = Rect {
        min: Coord { x: 0.0, y: 0.0 },
        max: Coord { x: WIDTH as f64, y: projection.height as f64 },
    };
    let mut path = String::new();
    let (lands, _lakes) = lakes::apart(dissolve(&staged.land));
    for land in lands {
        for ring in std::iter::once(&land.outline).chain(&land.waters) {
            let ring: Vec<Coord> = ring.iter().map(|&degrees| projection.to_map(degrees)).collect();
            let ring = simplify_ring(&ring, 0.5);
            if signed_area_doubled(&ring).abs() < 2.0 {
                continue;
            }
            let closed: Vec<Coord> = ring.iter().chain(ring.first()).copied().collect();
            for line in clip_line(&closed, view) {
                trace(&mut path, &line);
            }
        }
    }
    path
}

/// Writing to a String cannot fail, here and below.
fn trace(path: &mut String, line: &[Coord]) {
    let mut letter = 'M';
    for point in line {
        _ = write!(path, "{letter}{:.1} {:.1}", point.x, point.y);
        letter = 'L';
    }
}

/// Arrows where something flows to, and what their colours mean: `speeds` are metres per second, ascending.
pub(super) fn arrows<const N: usize>(
    canvas: &Canvas,
    flow: impl Fn(usize) -> Option<FlowVector>,
    speeds: &[(f64, Colour, &str); N],
    stretch: f64,
) -> (String, Vec<(Colour, String)>) {
    let mut paths: [String; N] = std::array::from_fn(|_| String::new());
    let half = ARROW_SPACING / 2;
    for y in (half..canvas.projection.height).step_by(ARROW_SPACING) {
        for x in (half..WIDTH).step_by(ARROW_SPACING) {
            let Some(vector) = canvas.zone_at(x, y).and_then(&flow) else { continue };
            let speed = vector.speed_m_s();
            let class = speeds.partition_point(|(least, _, _)| *least <= speed).saturating_sub(1);
            if let Some(path) = paths.get_mut(class)
                && speed > 0.0
            {
                let towards = Coord { x: f64::from(vector.u_cm_s), y: -f64::from(vector.v_cm_s) }
                    / (100.0 * speed);
                arrow(
                    path,
                    Coord { x: x as f64, y: y as f64 },
                    towards,
                    (ARROW_HEAD + stretch * speed).min(ARROW_MAX),
                );
            }
        }
    }
    let mut svg = String::new();
    let mut legend = Vec::new();
    for (path, (_, colour, label)) in paths.iter().zip(speeds) {
        _ = write!(svg, r#"<path class="arrow" stroke="{}" d="{path}"/>"#, hex(*colour));
        legend.push((*colour, (*label).to_owned()));
    }
    (svg, legend)
}

/// `towards` has length one; y points south.
fn arrow(path: &mut String, middle: Coord, towards: Coord, length: f64) {
    let tip = middle + towards * (length / 2.0);
    let tail = middle - towards * (length / 2.0);
    let barb = |side: f64| {
        let across = Coord { x: -towards.y, y: towards.x };
        tip - towards * 4.5 + across * (2.6 * side)
    };
    trace(path, &[tail, tip]);
    trace(path, &[barb(1.0), tip, barb(-1.0)]);
}

/// A dot for every place, the greatest with their Latin names.
pub(super) fn places(places: &[Place], projection: Projection) -> String {
    let mut ranked: Vec<&Place> = places.iter().collect();
    ranked.sort_by_key(|place| place.rank);
    let (mut dots, mut names) = (String::new(), String::new());
    let mut taken: Vec<Rect> = Vec::new();
    for place in ranked {
        let at = projection.of_position(place.position);
        let radius = 5.0 - 0.7 * f64::from(place.rank);
        let colour = match place.harbour {
            Harbour::Sea => SEA_HARBOUR,
            Harbour::River => RIVER_HARBOUR,
            Harbour::None => NO_HARBOUR,
        };
        _ = write!(
            dots,
            r#"<circle cx="{:.1}" cy="{:.1}" r="{radius:.1}" fill="{}"><title>{} ({}), {}</title></circle>"#,
            at.x,
            at.y,
            hex(colour),
            escape(&place.latin),
            escape(&place.modern),
            escape(&place.province)
        );
        if place.rank <= NAMED_RANK_MAX {
            name(&mut names, &mut taken, place, at, projection);
        }
    }
    format!(r#"<g class="dots">{dots}</g><g class="names">{names}</g>"#)
}

/// The place's name on the first side of its dot that is free, or not at all.
fn name(
    names: &mut String,
    taken: &mut Vec<Rect>,
    place: &Place,
    at: Coord,
    projection: Projection,
) {
    let width = place.latin.chars().count() as f64 * LETTER_WIDTH;
    let beside = |x: f64, y: f64| Rect {
        min: Coord { x: at.x + x, y: at.y + y },
        max: Coord { x: at.x + x + width, y: at.y + y + NAME_SIZE },
    };
    let middle = -NAME_SIZE / 2.0;
    let sides = [
        beside(7.0, middle),
        beside(-7.0 - width, middle),
        beside(-width / 2.0, -19.0),
        beside(-width / 2.0, 6.0),
    ];
    let page = Rect {
        min: Coord { x: 0.0, y: 0.0 },
        max: Coord { x: WIDTH as f64, y: projection.height as f64 },
    };
    let free = |side: &Rect| page.holds(*side) && !taken.iter().any(|other| other.meets(*side));
    if let Some(side) = sides.into_iter().find(free) {
        let size = if place.rank == 1 { r#" class="great""# } else { "" };
        let middle = f64::midpoint(side.min.x, side.max.x);
        let line = side.max.y - 3.0;
        _ = write!(
            names,
            r#"<text{size} x="{middle:.1}" y="{line:.1}">{}</text>"#,
            escape(&place.latin)
        );
        taken.push(side);
    }
}

/// A mark for every finding with a position: how many, and the marks, the gravest on top.
pub(super) fn pins<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    projection: Projection,
) -> (u64, String) {
    let mut placed: Vec<(&Finding, Coord)> = findings
        .filter_map(|finding| {
            let position = finding.position.or_else(|| finding.zone.map(Zone::centre))?;
            Some((finding, projection.of_position(position)))
        })
        .collect();
    placed.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
    let mut svg = String::new();
    for (finding, at) in &placed {
        // Shape and colour both say the severity: a colour alone is lost on many eyes.
        let shape = match finding.severity {
            Severity::Error => "M0-8 8 0 0 8-8 0Z",
            Severity::Warning => "M0-7 6.5 5-6.5 5Z",
            Severity::Note => "M-3.2-3.2H3.2V3.2H-3.2Z",
        };
        _ = write!(
            svg,
            r#"<path class="pin {}" transform="translate({:.1} {:.1})" d="{shape}"><title>{}: {}</title></path>"#,
            finding.severity.as_str(),
            at.x,
            at.y,
            escape(&finding.rule),
            escape(&finding.message)
        );
    }
    (placed.len() as u64, svg)
}
