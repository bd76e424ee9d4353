//! Reading features: by collection, box and years, in the order of their ids.

use crate::{Error, Release, rows, shape};
use geo::Intersects;
use geo_types::{Coord, Geometry, LineString, Rect};
use std::ops::ControlFlow;
use tessera_grid::{BBox, Position};
use tessera_world::{CollectionInfo, Feature, ProvenanceId};
use theron_sqlite::rusqlite::{self, OptionalExtension, Row, params};

/// Features are numbered by collection and id, so that the numbers of a collection follow each other.
const FEATURE_SELECT: &str =
    "SELECT collection, id, title, latin, geometry, zone, properties, certainty,
  citation, valid_from, valid_to, provenance FROM feature";

/// Which features of a collection: all bounds are inclusive, and one that is not given shuts nothing out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FeatureQuery<'a> {
    pub collection: &'a str,
    /// The shape touches the box.
    pub bbox: Option<BBox>,
    /// It held in some year from this one …
    pub from: Option<i32>,
    /// … to this one.
    pub to: Option<i32>,
}

impl<'a> FeatureQuery<'a> {
    /// All of a collection.
    pub const fn of(collection: &'a str) -> Self {
        Self { collection, bbox: None, from: None, to: None }
    }

    /// Those that held in a year.
    pub const fn in_year(self, year: i32) -> Self {
        Self { from: Some(year), to: Some(year), ..self }
    }

    fn meets(&self, valid_from: Option<i32>, valid_to: Option<i32>) -> bool {
        let before = |a: Option<i32>, b: Option<i32>| a.zip(b).is_some_and(|(a, b)| a < b);
        !before(valid_to, self.from) && !before(self.to, valid_from)
    }

    fn all_years(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// A feature that may be one of those asked for; whether its box is known to touch.
type Candidate = (i64, bool);

impl Release {
    /// The collections the release has, by id.
    pub fn collections(&self) -> Result<Vec<CollectionInfo>, Error> {
        let sql = "SELECT id, features, west, south, east, north, first_year, last_year
            FROM collection ORDER BY id";
        self.all(sql, [], |row| {
            let bbox = BBox::new(row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)
                .map_err(|refusal| rows::wrong(2, refusal))?;
            let (first, last): (Option<i32>, Option<i32>) = (row.get(6)?, row.get(7)?);
            let features = row.get::<_, i64>(1)?.cast_unsigned();
            Ok(CollectionInfo { id: row.get(0)?, features, bbox, years: first.zip(last) })
        })
    }

    pub fn feature(&self, collection: &str, id: &str) -> Result<Option<Feature>, Error> {
        let sql = format!("{FEATURE_SELECT} WHERE collection = ?1 AND id = ?2");
        Ok(self.all(&sql, [collection, id], feature)?.pop())
    }

    /// Those that `query` selects after an id, ascending by id, at most `limit`.
    pub fn features(
        &self,
        query: &FeatureQuery<'_>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Feature>, Error> {
        let mut features = Vec::new();
        if limit == 0 {
            return Ok(features);
        }
        self.visit_features(query, after, |feature| {
            features.push(feature);
            if features.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(features)
    }

    /// Every line of a collection, in the order of its features; what is no line is passed over.
    pub fn lines(&self, collection: &str) -> Result<Vec<Vec<Position>>, Error> {
        let mut lines = Vec::new();
        self.visit_features(&FeatureQuery::of(collection), None, |feature| {
            let drawn = match feature.geometry {
                Geometry::LineString(line) => vec![line],
                Geometry::MultiLineString(lines) => lines.0,
                _ => Vec::new(),
            };
            let positions = |line: &LineString| {
                line.coords().filter_map(|at| Position::new(at.y, at.x).ok()).collect()
            };
            lines.extend(drawn.iter().map(positions));
            ControlFlow::Continue(())
        })?;
        Ok(lines)
    }

    /// How many `query` selects.
    pub fn count_features(&self, query: &FeatureQuery<'_>) -> Result<u64, Error> {
        let Some((first, count)) = self.span(query.collection)? else { return Ok(0) };
        if query.bbox.is_none() && query.all_years() {
            return Ok(count);
        }
        let mut found = 0;
        let sql = "SELECT valid_from, valid_to, geometry FROM feature WHERE fid = ?1";
        let mut statement = self.prepared(sql)?;
        for (fid, touches) in self.candidates(query, first, first + count.cast_signed() - 1)? {
            let known = touches && query.all_years();
            let selected = known
                || statement
                    .query_row([fid], |row| {
                        Ok(query.meets(row.get(0)?, row.get(1)?)
                            && (touches || touching(query, row, 2)?))
                    })
                    .map_err(|e| self.within(e))?;
            found += u64::from(selected);
        }
        Ok(found)
    }

    /// Calls `each` with those that `query` selects after an id, ascending by id, until it has had enough.
    pub fn visit_features(
        &self,
        query: &FeatureQuery<'_>,
        after: Option<&str>,
        mut each: impl FnMut(Feature) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let Some((first, count)) = self.span(query.collection)? else { return Ok(()) };
        let last = first + count.cast_signed() - 1;
        let first = match after {
            Some(after) => match self.first_after(query.collection, after)? {
                Some(fid) => fid,
                None => return Ok(()),
            },
            None => first,
        };
        let sql = format!("{FEATURE_SELECT} WHERE fid = ?1");
        let mut statement = self.prepared(&sql)?;
        for (fid, touches) in self.candidates(query, first, last)? {
            let read = |row: &Row<'_>| {
                let selected =
                    query.meets(row.get(9)?, row.get(10)?) && (touches || touching(query, row, 4)?);
                if selected { feature(row).map(Some) } else { Ok(None) }
            };
            let found = statement.query_row([fid], read).map_err(|e| self.within(e))?;
            if found.is_some_and(|feature| each(feature).is_break()) {
                break;
            }
        }
        Ok(())
    }

    /// The first number of a collection and how many it has.
    fn span(&self, collection: &str) -> Result<Option<(i64, u64)>, Error> {
        let sql = "SELECT first_fid, features FROM collection WHERE id = ?1";
        let mut statement = self.prepared(sql)?;
        statement
            .query_row([collection], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))
            .optional()
            .map_err(|e| self.within(e))
    }

    fn first_after(&self, collection: &str, id: &str) -> Result<Option<i64>, Error> {
        let sql = "SELECT fid FROM feature WHERE collection = ?1 AND id > ?2 ORDER BY id LIMIT 1";
        Ok(self.all(sql, [collection, id], |row| row.get(0))?.pop())
    }

    /// Numbers from `first` to `last` whose boxes meet the query's, ascending.
    fn candidates(
        &self,
        query: &FeatureQuery<'_>,
        first: i64,
        last: i64,
    ) -> Result<Vec<Candidate>, Error> {
        let Some(bbox) = query.bbox else {
            return Ok((first..=last).map(|fid| (fid, true)).collect());
        };
        let [west, south, east, north]: [f64; 4] = bbox.into();
        let sql = "SELECT fid, west >= ?1 AND south >= ?2 AND east <= ?3 AND north <= ?4
            FROM feature_box WHERE west <= ?3 AND south <= ?4 AND east >= ?1 AND north >= ?2
            AND fid BETWEEN ?5 AND ?6";
        let values = params![west, south, east, north, first, last];
        let mut found = self.all(sql, values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        found.sort_unstable();
        Ok(found)
    }
}

fn touching(
    query: &FeatureQuery<'_>,
    row: &Row<'_>,
    column: usize,
) -> Result<bool, rusqlite::Error> {
    let Some(bbox) = query.bbox else { return Ok(true) };
    let rect = Rect::new(
        Coord { x: bbox.west(), y: bbox.south() },
        Coord { x: bbox.east(), y: bbox.north() },
    );
    Ok(geometry(row, column)?.intersects(&rect))
}

fn geometry(row: &Row<'_>, column: usize) -> Result<Geometry<f64>, rusqlite::Error> {
    shape::from_wkb(row.get_ref(column)?.as_blob()?)
        .ok_or_else(|| rows::wrong(column, "a geometry that is no WKB"))
}

fn feature(row: &Row<'_>) -> Result<Feature, rusqlite::Error> {
    let properties = serde_json::from_str(row.get_ref(6)?.as_str()?)
        .map_err(|refusal| rows::wrong(6, refusal))?;
    Ok(Feature {
        collection: row.get(0)?,
        id: row.get(1)?,
        title: row.get(2)?,
        latin: row.get(3)?,
        geometry: geometry(row, 4)?,
        zone: row.get::<_, Option<i64>>(5)?.map(|_| rows::zone(row, 5)).transpose()?,
        properties,
        certainty: rows::certainty(row, 7)?,
        citation: row.get(8)?,
        valid_from: row.get(9)?,
        valid_to: row.get(10)?,
        provenance: ProvenanceId(row.get(11)?),
    })
}
