//! One row of a publisher, read by roles: a table's as a map's.
//!
//! A role is looked up in the sources document: `latin = "Ancient Toponym"` names a column, `from = "=-311"`
//! says the value itself for all rows. A role that the document does not give is one the dataset lacks.

use super::period;
use geo_types::{Geometry, Point};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tessera_formats::{
    FieldFault, NoPoint, Record, Row, number_of, point_of, text_of, wkt_point_of, year_of,
};
use tessera_grid::{BBox, Position, Resolution, Zone};

/// A row that was left out: row, rule, reason.
pub type LeftOut = (u64, &'static str, String);

/// A later year is a slip: nothing on record has happened in it.
const YEAR_MAX: i32 = 2100;

/// A row of a table, or a record of a map.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// As the file counts, 1 is the first.
    pub row: u64,
    /// The id the format itself carries, as a GeoJSON feature may.
    pub id: Option<&'a str>,
    pub geometry: Option<&'a Geometry<f64>>,
    pub fields: &'a Map<String, Value>,
}

/// Which column or property plays which role.
#[derive(Clone, Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

/// Where features are wanted.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub bbox: BBox,
    pub resolution: Resolution,
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

impl Fields {
    pub fn new(roles: &[(&str, &str)]) -> Self {
        roles.iter().map(|&(role, column)| (role.to_owned(), column.to_owned())).collect()
    }

    pub fn has(&self, role: &str) -> bool {
        self.0.contains_key(role)
    }

    /// The column of a role; `None` too where the document says the value itself.
    pub fn column(&self, role: &str) -> Option<&str> {
        self.0.get(role).map(String::as_str).filter(|column| !column.starts_with('='))
    }

    fn literal(&self, role: &str) -> Option<&str> {
        self.0.get(role)?.strip_prefix('=')
    }

    /// A role whose column no row has, and that column. What is said of parts of a row is not looked for.
    pub fn missing<'a>(&self, items: impl IntoIterator<Item = Item<'a>>) -> Option<(&str, &str)> {
        let of_rows = |(role, column): &(&str, &str)| {
            *role != "precision" && (role.starts_with("keep.") || !column.starts_with('='))
        };
        let roles = self.0.iter().map(|(role, column)| (role.as_str(), column.as_str()));
        let mut wanted: Vec<(&str, &str)> = roles.filter(of_rows).collect();
        let mut empty = true;
        for item in items {
            empty = false;
            wanted.retain(|(_, column)| !item.fields.contains_key(*column));
            if wanted.is_empty() {
                break;
            }
        }
        wanted.into_iter().next().filter(|_| !empty)
    }

    /// A role whose literal cannot be read, and what it must be.
    pub fn unreadable(&self) -> Option<(&str, &'static str)> {
        self.0.iter().find_map(|(role, column)| {
            let literal = column.strip_prefix('=')?;
            let (holds, wanted) = match role.as_str() {
                "from" | "to" => (literal.parse::<i32>().is_ok(), "a whole year, as \"=-311\""),
                "accuracy" | "area" | "population" | "year" => {
                    (literal.parse().is_ok_and(f64::is_finite), "a number, as \"=12\"")
                }
                "period" => (period::years(literal).is_some(), "a period, as \"=roman\""),
                "capacity" | "created" | "last_use" | "latitude" | "longitude" | "names"
                | "parts" | "precision" | "wkt" => (false, "the name of a column"),
                _ => (true, ""),
            };
            (!holds).then_some((role.as_str(), wanted))
        })
    }

    /// The roles that begin with `keep.`, without that, and their columns.
    pub fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter_map(|(role, column)| Some((role.strip_prefix("keep.")?, column.as_str())))
    }

    pub fn text(&self, item: &Item<'_>, role: &str) -> Option<String> {
        match self.literal(role) {
            Some(literal) => Some(literal.to_owned()),
            None => text_of(item.fields, self.column(role)?),
        }
    }

    /// A number; a column that a row lacks is a missing value, one that is no number leaves the row out.
    pub fn number(&self, item: &Item<'_>, role: &str) -> Result<Option<f64>, LeftOut> {
        if let Some(literal) = self.literal(role) {
            return Ok(literal.parse().ok());
        }
        let Some(column) = self.column(role) else { return Ok(None) };
        match number_of(item.fields, column) {
            Ok(number) => Ok(number),
            Err(FieldFault::NoField { .. }) => Ok(None),
            Err(fault) => Err((item.row, "feature_number", fault.to_string())),
        }
    }

    /// An astronomical year; 0 and empty are unknown.
    pub fn year(&self, item: &Item<'_>, role: &str) -> Result<Option<i32>, LeftOut> {
        if let Some(literal) = self.literal(role) {
            return Ok(literal.parse().ok());
        }
        let Some(column) = self.column(role) else { return Ok(None) };
        match year_of(item.fields, column) {
            Ok(Some(year)) if year > YEAR_MAX => {
                let reason = format!("the year {year} is after {YEAR_MAX}");
                Err((item.row, "feature_year_future", reason))
            }
            Ok(year) => Ok(year.map(astronomical)),
            Err(FieldFault::NoField { .. }) => Ok(None),
            Err(fault) => Err((item.row, "feature_number", fault.to_string())),
        }
    }

    /// First and last year; one that ends before it begins is left out.
    pub fn years(&self, item: &Item<'_>) -> Result<(Option<i32>, Option<i32>), LeftOut> {
        let (from, to) = (self.year(item, "from")?, self.year(item, "to")?);
        match (from, to) {
            (Some(from), Some(to)) if from > to => {
                let reason = format!("it ends in {to} before it begins in {from}");
                Err((item.row, "feature_years", reason))
            }
            years => Ok(years),
        }
    }

    /// `namespace-id`, from the role `id`, else the format's own id, else the row's number.
    pub fn id(&self, item: &Item<'_>) -> (String, Option<String>) {
        let namespace = self.literal("namespace").unwrap_or("row").to_owned();
        let own = self.text(item, "id").or_else(|| item.id.map(str::to_owned));
        match own {
            Some(own) => {
                (format!("{namespace}-{}", slug(&own)), Some(format!("{namespace}:{own}")))
            }
            None => (format!("{namespace}-row-{}", item.row), None),
        }
    }
}

impl<'a> Item<'a> {
    pub fn of_record(record: &'a Record) -> Self {
        Self {
            row: record.row,
            id: record.id.as_deref(),
            geometry: Some(&record.geometry),
            fields: &record.properties,
        }
    }

    pub const fn of_row(row: &'a Row) -> Self {
        Self { row: row.row, id: None, geometry: None, fields: &row.cells }
    }

    /// The row's point: its geometry, or the roles `wkt`, or `latitude` and `longitude`.
    pub fn point(&self, fields: &Fields) -> Result<Point, LeftOut> {
        let found = match self.geometry {
            Some(Geometry::Point(point)) if point.0 == (geo_types::Coord { x: 0.0, y: 0.0 }) => {
                Err(NoPoint::NullIsland)
            }
            Some(Geometry::Point(point)) => Ok(*point),
            Some(_) => {
                return Err((self.row, "feature_geometry", "its shape is no point".to_owned()));
            }
            None => {
                match (fields.column("wkt"), fields.column("latitude"), fields.column("longitude"))
                {
                    (Some(wkt), _, _) => wkt_point_of(self.fields, wkt),
                    (None, Some(latitude), Some(longitude)) => {
                        point_of(self.fields, latitude, longitude)
                    }
                    _ => Err(NoPoint::Missing { field: "its position".to_owned() }),
                }
            }
        };
        found.map_err(|reason| {
            let rule = match reason {
                NoPoint::Missing { .. } => "feature_position_missing",
                NoPoint::NotANumber { .. } => "feature_number",
                NoPoint::NullIsland => "feature_position_unknown",
                NoPoint::OutOfRange { .. } => "feature_range",
            };
            (self.row, rule, reason.to_string())
        })
    }
}

impl World {
    /// The zone of a point in the world.
    pub fn zone(&self, row: u64, point: Point) -> Result<Zone, LeftOut> {
        let position = Position::new(point.y(), point.x())
            .map_err(|error| (row, "feature_range", error.to_string()))?;
        // A zone belongs to the world if its centre does.
        let zone = Zone::at(position, self.resolution);
        if self.bbox.contains(position) && self.bbox.contains(zone.centre()) {
            Ok(zone)
        } else {
            let reason = format!("{:.3}, {:.3} lies outside the world's box", point.y(), point.x());
            Err((row, "feature_outside", reason))
        }
    }

    /// That a shape has points, all on the globe, and meets the world.
    pub fn meets(&self, row: u64, geometry: &Geometry<f64>) -> Result<(), LeftOut> {
        let Some([west, south, east, north]) = crate::layers::areas::bounds(geometry) else {
            return Err((row, "feature_geometry", "its shape is empty".to_owned()));
        };
        if west < -180.0 - 1e-6 || east > 180.0 + 1e-6 || south < -90.0 || north > 90.0 {
            return Err((row, "feature_range", "its shape leaves the globe".to_owned()));
        }
        if !self.bbox.meets(geometry) {
            return Err((row, "feature_outside", "it lies outside the world's box".to_owned()));
        }
        Ok(())
    }
}

/// Publishers count -1, 1: there is no year 0. Astronomers do: -43 is 44 BC.
pub const fn astronomical(year: i32) -> i32 {
    if year < 0 { year + 1 } else { year }
}

/// Letters, digits and single hyphens: what an address can carry unescaped.
fn slug(text: &str) -> String {
    let tame: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    tame.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    pub(crate) fn row(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    pub(crate) fn item(row: u64, fields: &Map<String, Value>) -> Item<'_> {
        Item { row, id: None, geometry: None, fields }
    }

    pub(crate) fn mediterranean() -> World {
        World { bbox: BBox::new(-12.0, 20.0, 50.0, 60.0).unwrap(), resolution: Resolution::FIVE }
    }

    #[test]
    fn a_year_of_a_publisher_becomes_astronomical_and_zero_is_unknown() {
        let fields = Fields::new(&[("from", "start"), ("to", "end")]);
        let years = |start: Value, end: Value| {
            let map = row(json!({"start": start, "end": end}));
            fields.years(&item(3, &map))
        };
        assert_eq!(years(json!("-30"), json!(640)), Ok((Some(-29), Some(640))));
        assert_eq!(years(json!(0), json!(0)), Ok((None, None)));
        assert_eq!(years(json!(500), json!(0)), Ok((Some(500), None)));
        assert_eq!(years(json!(-30), json!(-330)).unwrap_err().1, "feature_years");
        assert_eq!(years(json!(3000), json!(null)).unwrap_err().1, "feature_year_future");
        assert_eq!(years(json!("c. 100"), json!(null)).unwrap_err().1, "feature_number");
    }

    #[test]
    fn a_value_that_the_document_says_holds_for_every_row() {
        let fields = Fields::new(&[("from", "=-311"), ("namespace", "=dare"), ("id", "id")]);
        let map = row(json!({"id": 17}));
        assert_eq!(fields.years(&item(1, &map)), Ok((Some(-311), None)));
        assert_eq!(fields.id(&item(1, &map)), ("dare-17".to_owned(), Some("dare:17".to_owned())));
        assert_eq!(fields.id(&item(4, &Map::new())), ("dare-row-4".to_owned(), None));
    }

    #[test]
    fn a_role_whose_column_no_row_has_is_named() {
        let one = row(json!({"id": 1, "start": null}));
        let other = row(json!({"id": 2, "end": 5}));
        let missing = |roles: &[(&str, &str)]| {
            let fields = Fields::new(roles);
            let found = fields.missing([item(1, &one), item(2, &other)]);
            found.map(|(role, column)| (role.to_owned(), column.to_owned()))
        };
        let named = |role: &str, column: &str| Some((role.to_owned(), column.to_owned()));
        assert_eq!(missing(&[("from", "start"), ("to", "end"), ("namespace", "=a")]), None);
        assert_eq!(missing(&[("from", "start_year")]), named("from", "start_year"));
        assert_eq!(missing(&[("keep.cargo", "=wine")]), named("keep.cargo", "=wine"));
        assert_eq!(Fields::new(&[("from", "start_year")]).missing([]), None);
    }

    #[test]
    fn a_literal_that_its_role_cannot_read_is_named_with_what_it_must_be() {
        let refused = |role: &str, literal: &str| {
            let fields = Fields::new(&[(role, literal)]);
            fields.unreadable().map(|(_, wanted)| wanted)
        };
        assert_eq!(refused("from", "=-311"), None);
        assert_eq!(refused("from", "=c. 100"), Some("a whole year, as \"=-311\""));
        assert_eq!(refused("population", "=many"), Some("a number, as \"=12\""));
        assert_eq!(refused("period", "=Bronze Age"), Some("a period, as \"=roman\""));
        assert_eq!(refused("latitude", "=37.5"), Some("the name of a column"));
        assert_eq!(refused("name", "=c. 100"), None);
    }

    #[test]
    fn every_way_to_have_no_point_has_its_rule() {
        let fields = Fields::new(&[("latitude", "lat"), ("longitude", "lon")]);
        let rule = |lat: Value, lon: Value| {
            let map = row(json!({"lat": lat, "lon": lon}));
            item(1, &map).point(&fields).map_err(|left_out| left_out.1)
        };
        assert_eq!(rule(json!("41.9"), json!(12.5)), Ok(Point::new(12.5, 41.9)));
        assert_eq!(rule(json!(0), json!(0)), Err("feature_position_unknown"));
        assert_eq!(rule(json!(" "), json!(7)), Err("feature_position_missing"));
        assert_eq!(rule(json!(43), json!("7.867799.")), Err("feature_number"));
        assert_eq!(rule(json!(95), json!(7)), Err("feature_range"));
    }

    #[test]
    fn a_point_beyond_the_box_is_outside() {
        let world = mediterranean();
        assert!(world.zone(1, Point::new(12.5, 41.9)).is_ok());
        assert_eq!(world.zone(1, Point::new(80.0, 41.9)).unwrap_err().1, "feature_outside");
        let line = Geometry::LineString(vec![(60.0, 30.0), (70.0, 30.0)].into());
        assert_eq!(world.meets(1, &line).unwrap_err().1, "feature_outside");
        let empty = Geometry::LineString(geo_types::LineString::new(Vec::new()));
        assert_eq!(world.meets(1, &empty).unwrap_err().1, "feature_geometry");
    }
}
