//! Latin names of rivers: an ancient atlas's lines laid beside a modern map's.
//!
//! The two draw one river within a few kilometres of each other, or call it by one modern name; a line that
//! neither meets nor is called like a named one stays without.

use super::areas::{NO_EDGES, widened};
use super::features::{Fields, Item, LeftOut, gazetteer::key, plain_name};
use geo_types::{Coord, Geometry, LineString};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two drawings of one river lie this near, degrees (5 km).
const NEAR_DEGREES: f64 = 0.05;
/// So much of a line must lie beside the named one, or it is a tributary's last bend.
const BESIDE_SHARE: f64 = 0.6;

/// A river of the ancient atlas.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The dataset that names it.
    pub by: String,
    pub latin: String,
    pub modern: Option<String>,
    pub lines: Vec<LineString>,
}

/// Rivers of a dataset with a Latin name. Roles: `latin`, `modern`.
pub fn named<'a>(
    items: impl IntoIterator<Item = Item<'a>>,
    fields: &Fields,
    by: &str,
) -> (Vec<Named>, Vec<LeftOut>) {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for item in items {
        let lines = match item.geometry {
            Some(Geometry::LineString(line)) => vec![line.clone()],
            Some(Geometry::MultiLineString(lines)) => lines.0.clone(),
            _ => {
                left_out.push((item.row, "feature_geometry", "it is no line".to_owned()));
                continue;
            }
        };
        let name = |role: &str| fields.text(&item, role).and_then(|name| plain_name(&name));
        if let Some(latin) = name("latin") {
            found.push(Named { by: by.to_owned(), latin, modern: name("modern"), lines });
        }
    }
    (found, left_out)
}

/// The river of the atlas that gives each line of a modern map its Latin name, where one does. `lines`: modern name
/// and course.
pub fn named_as<'a>(
    lines: &[(Option<&str>, &LineString)],
    named: &'a [Named],
) -> Vec<Option<&'a Named>> {
    let near = Nearness::of(named);
    let mut names: Vec<Option<&Named>> =
        lines.iter().map(|(_, line)| near.beside(line).map(|at| &named[at])).collect();
    // Pieces of one river bear one modern name; where that stands for two Latin ones it decides nothing.
    let mut by_modern: BTreeMap<String, BTreeMap<&str, &Named>> = BTreeMap::new();
    let atlas = named.iter().map(|river| (river.modern.as_deref(), Some(river)));
    let map = lines.iter().zip(&names).map(|((modern, _), river)| (*modern, *river));
    for (modern, river) in atlas.chain(map) {
        if let (Some(modern), Some(river)) = (modern, river) {
            by_modern.entry(key(modern)).or_default().entry(&river.latin).or_insert(river);
        }
    }
    for ((modern, line), latin) in lines.iter().zip(&mut names) {
        let Some(modern) = modern.filter(|_| latin.is_none()) else { continue };
        if let Some(only) = by_modern.get(&key(modern)).filter(|latins| latins.len() == 1)
            && near.reaches(line)
        {
            *latin = only.values().next().copied();
        }
    }
    names
}

/// Which named rivers pass through which squares of [`NEAR_DEGREES`].
struct Nearness {
    squares: HashMap<(i32, i32), Vec<usize>>,
    /// West, south, east, north of all.
    edges: [f64; 4],
}

impl Nearness {
    fn of(named: &[Named]) -> Self {
        let mut squares: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
        let mut edges = NO_EDGES;
        for (number, river) in named.iter().enumerate() {
            for at in river.lines.iter().flat_map(points) {
                let rivers = squares.entry(square(at)).or_default();
                if rivers.last() != Some(&number) && !rivers.contains(&number) {
                    rivers.push(number);
                }
                edges = widened(edges, at);
            }
        }
        Self { squares, edges }
    }

    /// The river that most of the line lies beside.
    fn beside(&self, line: &LineString) -> Option<usize> {
        let mut hits: BTreeMap<usize, usize> = BTreeMap::new();
        let mut all = 0;
        for at in points(line) {
            all += 1;
            let (column, row) = square(at);
            let about = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (column + dx, row + dy)));
            let rivers: BTreeSet<usize> =
                about.filter_map(|square| self.squares.get(&square)).flatten().copied().collect();
            for river in rivers {
                *hits.entry(river).or_default() += 1;
            }
        }
        let (river, count) =
            hits.into_iter().max_by_key(|(river, count)| (*count, std::cmp::Reverse(*river)))?;
        (count as f64 >= BESIDE_SHARE * f64::from(all)).then_some(river)
    }

    /// Whether a line lies where the atlas draws rivers at all: there is an Aras in Asia and one in Spain.
    fn reaches(&self, line: &LineString) -> bool {
        let [west, south, east, north] = self.edges;
        line.coords().all(|at| (west..=east).contains(&at.x) && (south..=north).contains(&at.y))
    }
}

fn square(at: Coord) -> (i32, i32) {
    ((at.x / NEAR_DEGREES).floor() as i32, (at.y / NEAR_DEGREES).floor() as i32)
}

/// Points along a line, no further apart than a square.
fn points(line: &LineString) -> impl Iterator<Item = Coord> + '_ {
    line.lines().flat_map(|segment| {
        let delta = segment.delta();
        let steps = (delta.x.hypot(delta.y) / NEAR_DEGREES).ceil().max(1.0);
        (0..steps as u32).map(move |part| segment.start + delta * (f64::from(part) / steps))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> LineString {
        points.iter().copied().collect()
    }

    fn atlas() -> Vec<Named> {
        let river = |latin: &str, modern: &str, points: &[(f64, f64)]| Named {
            by: "atlas".to_owned(),
            latin: latin.to_owned(),
            modern: Some(modern.to_owned()),
            lines: vec![line(points)],
        };
        vec![
            river("Rhenus", "Rhein", &[(8.0, 47.0), (8.0, 50.0), (6.0, 52.0)]),
            river("Margus", "Morava", &[(21.0, 43.0), (21.0, 45.0)]),
            river("Marus", "Morava", &[(17.0, 48.0), (17.0, 50.0)]),
        ]
    }

    fn latin_names(lines: &[(Option<&str>, &LineString)]) -> Vec<Option<String>> {
        named_as(lines, &atlas())
            .into_iter()
            .map(|it| it.map(|river| river.latin.clone()))
            .collect()
    }

    #[test]
    fn a_line_beside_a_named_one_takes_its_name_and_a_tributary_does_not() {
        let rhine = line(&[(8.02, 47.1), (8.01, 49.9)]);
        let neckar = line(&[(10.0, 48.5), (8.9, 49.2), (8.0, 49.5)]);
        let lines = [(None, &rhine), (Some("Neckar"), &neckar)];
        assert_eq!(latin_names(&lines), [Some("Rhenus".to_owned()), None]);
    }

    #[test]
    fn a_piece_called_as_a_named_river_takes_its_name_unless_two_are_called_so() {
        let arm = line(&[(6.5, 51.0), (6.9, 50.5)]);
        let far = line(&[(60.0, 51.0), (61.0, 50.5)]);
        let lines = [(Some("Rhein"), &arm), (Some("Morava"), &arm), (Some("Rhein"), &far)];
        assert_eq!(latin_names(&lines), [Some("Rhenus".to_owned()), None, None]);
    }
}
