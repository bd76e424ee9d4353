//! What is drawn as lines, as features: the coast and the rivers, as their publishers drew them.
//!
//! Every point of a line is the publisher's; a coast is cut where it leaves the box and into pieces of at most
//! [`PIECE_POINTS`] points, so that a reader of one bay does not get a continent.

use crate::staged::RiverLine;
use geo_types::{Coord, LineString, Polygon};
use serde_json::Map;
use tessera_grid::BBox;
use tessera_world::{Feature, ProvenanceId};

pub const METHOD_COAST: &str =
    "The edges of the land polygons, cut into pieces; no point was moved.";
pub const METHOD_RIVERS: &str =
    "River lines as drawn, turned to run downstream; no point was moved.";
pub const METHOD_NETWORK: &str = "Rivers that the map of lines lacks, from link to link of the drainage \
     network: on its grid, not in their beds.";

/// A page of ten thousand such pieces stays below 100 MB.
const PIECE_POINTS: usize = 256;

/// The edges of the land inside the box; `source` begins the ids.
pub fn coast(land: &[Polygon], bbox: BBox, source: &str, provenance: ProvenanceId) -> Vec<Feature> {
    let rings =
        land.iter().flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors()));
    let mut pieces: Vec<LineString> = Vec::new();
    for ring in rings {
        for run in ring.0.chunk_by(|a, b| meets(*a, *b, bbox)) {
            pieces.extend(cut(run));
        }
    }
    let line = |(number, piece): (usize, LineString)| Feature {
        title: "coast".to_owned(),
        ..Feature::new("coast", format!("{source}-{number:05}"), piece.into(), provenance)
    };
    pieces.into_iter().enumerate().map(line).collect()
}

/// A run of points in pieces that share their ends; a run of one point has none.
fn cut(run: &[Coord]) -> impl Iterator<Item = LineString> {
    (0..run.len().saturating_sub(1))
        .step_by(PIECE_POINTS - 1)
        .map(|from| LineString::from(run[from..(from + PIECE_POINTS).min(run.len())].to_vec()))
}

/// Whether the rectangle around a stroke meets the box: a long stroke may cross it with both its ends outside.
fn meets(a: Coord, b: Coord, bbox: BBox) -> bool {
    a.x.min(b.x) <= bbox.east()
        && a.x.max(b.x) >= bbox.west()
        && a.y.min(b.y) <= bbox.north()
        && a.y.max(b.y) >= bbox.south()
}

/// The river lines, each with its provenance, in the order of the source; a line without a name is called `river`.
pub fn rivers<'a>(
    lines: impl IntoIterator<Item = (&'a RiverLine, ProvenanceId)>,
    source: &str,
) -> Vec<Feature> {
    let feature = |(number, (river, provenance)): (usize, (&RiverLine, ProvenanceId))| {
        let mut properties = Map::new();
        if let Some(modern) = &river.modern {
            properties.insert("modern".to_owned(), modern.clone().into());
        }
        if let Some(km2) = river.upstream_km2 {
            properties.insert("upstream_km2".to_owned(), km2.into());
        }
        properties.insert("scalerank".to_owned(), river.scalerank.into());
        let name = river.latin.clone().or_else(|| river.modern.clone());
        Feature {
            title: name.unwrap_or_else(|| "river".to_owned()),
            latin: river.latin.clone(),
            properties,
            ..Feature::new(
                "rivers",
                format!("{source}-{number:05}"),
                river.line.clone().into(),
                provenance,
            )
        }
    };
    lines.into_iter().enumerate().map(feature).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Geometry;

    const ID: ProvenanceId = ProvenanceId(3);

    fn line(feature: &Feature) -> &LineString {
        match &feature.geometry {
            Geometry::LineString(line) => line,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_coast_is_cut_where_it_leaves_the_box_and_goes_on_where_it_comes_back() {
        let ring = vec![(1.0, 1.0), (2.0, 2.0), (20.0, 2.0), (21.0, 1.5), (20.0, 1.0), (1.0, 1.0)];
        let land = [Polygon::new(ring.into(), vec![])];
        let bbox = BBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let pieces = coast(&land, bbox, "land", ID);
        let lines: Vec<_> = pieces.iter().map(|piece| (piece.id.as_str(), line(piece))).collect();
        let expected: [LineString; 2] = [
            vec![(1.0, 1.0), (2.0, 2.0), (20.0, 2.0)].into(),
            vec![(20.0, 1.0), (1.0, 1.0)].into(),
        ];
        assert_eq!(lines, [("land-00000", &expected[0]), ("land-00001", &expected[1])]);
    }

    #[test]
    fn a_stroke_across_the_whole_box_is_kept() {
        let ring = vec![(-50.0, 5.0), (50.0, 5.0), (50.0, 80.0), (-50.0, 80.0), (-50.0, 5.0)];
        let bbox = BBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let pieces = coast(&[Polygon::new(ring.into(), vec![])], bbox, "land", ID);
        let lines: Vec<&LineString> = pieces.iter().map(line).collect();
        assert_eq!(lines, [&LineString::from(vec![(-50.0, 5.0), (50.0, 5.0)])]);
    }

    #[test]
    fn a_long_coast_is_in_pieces_that_share_their_ends_and_lose_no_point() {
        let ring: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i) / 100.0, 5.0)).collect();
        let land = [Polygon::new(ring.into(), vec![])];
        let bbox = BBox::new(0.0, 0.0, 10.0, 10.0).unwrap();
        let pieces = coast(&land, bbox, "land", ID);
        let lines: Vec<&LineString> = pieces.iter().map(line).collect();
        assert!(lines.windows(2).all(|pair| pair[0].0.last() == pair[1].0.first()));
        assert!(lines.iter().all(|line| (2..=PIECE_POINTS).contains(&line.0.len())));
        let joined = lines.iter().map(|line| line.0.len() - 1).sum::<usize>() + 1;
        assert_eq!(joined, land[0].exterior().0.len());
    }

    #[test]
    fn a_river_has_its_latin_name_first_and_what_it_drains() {
        let nile = RiverLine {
            latin: Some("Nilus".to_owned()),
            modern: Some("Nile".to_owned()),
            scalerank: 0,
            upstream_km2: Some(2_900_000),
            line: vec![(31.0, 30.0), (31.0, 31.0)].into(),
        };
        let nameless = RiverLine { latin: None, modern: None, ..nile.clone() };
        let features = rivers([(&nile, ID), (&nameless, ID)], "rivers");
        let titles: Vec<_> =
            features.iter().map(|f| (f.title.as_str(), f.latin.as_deref())).collect();
        assert_eq!(titles, [("Nilus", Some("Nilus")), ("river", None)]);
        let properties = serde_json::Value::Object(features[0].properties.clone());
        let expected =
            serde_json::json!({"modern": "Nile", "upstream_km2": 2_900_000, "scalerank": 0});
        assert_eq!(properties, expected);
    }
}
