//! Geometry literals: WKT, and `BBOX(west, south, east, north)`.

use super::{
    lex::Token,
    parse::{FilterError, Parser},
};
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon, Rect,
};

impl Parser<'_> {
    pub(super) fn geometry(&mut self) -> Result<Geometry<f64>, FilterError> {
        let at = self.here();
        let kind = self.word().unwrap_or_default().to_ascii_uppercase();
        let geometry = match kind.as_str() {
            "BBOX" => self.bbox(at)?,
            "POINT" => {
                self.sign("(")?;
                let point = Point(self.position()?);
                self.sign(")")?;
                point.into()
            }
            "LINESTRING" => self.line(2)?.into(),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOINT" => {
                let bare = |parser: &mut Self| {
                    let wrapped = parser.take_sign("(");
                    let point = Point(parser.position()?);
                    if wrapped {
                        parser.sign(")")?;
                    }
                    Ok(point)
                };
                MultiPoint(self.list(bare)?).into()
            }
            "MULTILINESTRING" => MultiLineString(self.list(|parser| parser.line(2))?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.list(Self::polygon)?).into(),
            "GEOMETRYCOLLECTION" => {
                let parts = self.deeper(|parser| parser.list(Self::geometry))?;
                Geometry::GeometryCollection(GeometryCollection(parts))
            }
            _ => {
                let what = "`geometry` or a geometry belongs here, such as POINT(12.5 41.9), \
                            POLYGON((12 41, 13 41, 13 42, 12 41)) or BBOX(12, 41, 13, 42)";
                return Err(FilterError { at, what: what.to_owned() });
            }
        };
        Ok(geometry)
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, FilterError> {
        let at = self.here();
        let mut rings = self.list(|parser| parser.line(4))?.into_iter();
        let outside = rings.next().unwrap_or_else(|| LineString(vec![]));
        let holes: Vec<_> = rings.collect();
        if std::iter::once(&outside).chain(&holes).any(|ring| !ring.is_closed()) {
            let what = "a ring ends with the position it begins with; repeat that one at the end";
            return Err(FilterError { at, what: what.to_owned() });
        }
        Ok(Polygon::new(outside, holes))
    }

    fn line(&mut self, least: usize) -> Result<LineString<f64>, FilterError> {
        let at = self.here();
        let positions = self.list(Self::position)?;
        if positions.len() < least {
            let what = format!("at least {least} positions belong here");
            return Err(FilterError { at, what });
        }
        Ok(LineString(positions))
    }

    fn position(&mut self) -> Result<Coord<f64>, FilterError> {
        let at = self.here();
        let (x, y) = (self.number()?, self.number()?);
        within_globe(x, y, at)?;
        Ok(Coord { x, y })
    }

    /// West of the first number lies east of the third where the box crosses the antimeridian.
    fn bbox(&mut self, at: usize) -> Result<Geometry<f64>, FilterError> {
        let numbers = self.list(Self::number)?;
        let ([west, south, east, north] | [west, south, _, east, north, _]) = *numbers.as_slice()
        else {
            let what = "BBOX takes four numbers: west, south, east, north".to_owned();
            return Err(FilterError { at, what });
        };
        within_globe(west, south, at)?;
        within_globe(east, north, at)?;
        if south > north {
            let what = "the second number of BBOX is south and the fourth north".to_owned();
            return Err(FilterError { at, what });
        }
        let polygon = |west: f64, east: f64| {
            Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon()
        };
        Ok(if west <= east {
            polygon(west, east).into()
        } else {
            MultiPolygon(vec![polygon(west, 180.0), polygon(-180.0, east)]).into()
        })
    }

    fn number(&mut self) -> Result<f64, FilterError> {
        match self.next() {
            (_, Token::Integer(number)) => Ok(number as f64),
            (_, Token::Number(number)) => Ok(number),
            (at, other) => {
                let what = format!("a number belongs here and not {}", other.say());
                Err(FilterError { at, what })
            }
        }
    }
}

fn within_globe(x: f64, y: f64, at: usize) -> Result<(), FilterError> {
    if (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y) {
        return Ok(());
    }
    let what = format!("{x} {y} is not on the globe; write longitude first, both in degrees");
    Err(FilterError { at, what })
}
