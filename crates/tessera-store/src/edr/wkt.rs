//! The shapes of a `coords` parameter: well-known text, longitude first. `M` is Unix time, seconds.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use tessera_grid::Position;

/// Vertices of one shape: far more than any route has.
const VERTICES_MAX: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Vertex {
    pub(crate) position: Position,
    /// Where the text says when.
    pub(crate) seconds: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Points(Vec<Vertex>),
    Lines(Vec<Vec<Vertex>>),
    Area(MultiPolygon<f64>),
}

impl Shape {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim(), vertices: 0, measured: false };
        let word = reader.word().to_ascii_uppercase();
        let (kind, dimensions) = match word.strip_suffix(['M', 'Z']).filter(|kind| known(kind)) {
            Some(kind) => (kind.to_owned(), word.get(kind.len()..).unwrap_or_default().to_owned()),
            None => (word, reader.word().to_ascii_uppercase()),
        };
        reader.measured = match dimensions.as_str() {
            "" => false,
            "M" => true,
            _ => {
                return Err(format!(
                    "coords {text:?} has heights; this world has none, leave them out"
                ));
            }
        };
        let shape = match kind.as_str() {
            "POINT" => Self::Points(vec![reader.within(Reader::vertex)?]),
            "MULTIPOINT" => Self::Points(reader.list(|reader| {
                if reader.rest.starts_with('(') {
                    reader.within(Reader::vertex)
                } else {
                    reader.vertex()
                }
            })?),
            "LINESTRING" => Self::Lines(vec![reader.list(Reader::vertex)?]),
            "MULTILINESTRING" => Self::Lines(reader.list(|reader| reader.list(Reader::vertex))?),
            "POLYGON" => Self::Area(MultiPolygon(vec![reader.polygon()?])),
            "MULTIPOLYGON" => Self::Area(MultiPolygon(reader.list(Reader::polygon)?)),
            _ => {
                return Err(format!(
                    "coords {text:?} is not well-known text, such as POINT(12.3 41.7)"
                ));
            }
        };
        if !reader.rest.is_empty() {
            return Err(format!("coords goes on after its end, at {:?}", reader.rest));
        }
        Ok(shape)
    }
}

fn known(kind: &str) -> bool {
    ["POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON"]
        .contains(&kind)
}

struct Reader<'a> {
    rest: &'a str,
    vertices: usize,
    measured: bool,
}

impl<'a> Reader<'a> {
    fn word(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_alphabetic())
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest.trim_start();
        word
    }

    fn sign(&mut self, sign: char) -> Result<(), String> {
        let rest = self.rest.strip_prefix(sign);
        let rest = rest.ok_or_else(|| format!("coords needs {sign:?} before {:?}", self.rest))?;
        self.rest = rest.trim_start();
        Ok(())
    }

    fn within<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.sign('(')?;
        let read = read(self)?;
        self.sign(')')?;
        Ok(read)
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        self.within(|reader| {
            let mut list = vec![read(reader)?];
            while reader.sign(',').is_ok() {
                list.push(read(reader)?);
            }
            Ok(list)
        })
    }

    fn number(&mut self) -> Result<f64, String> {
        let word = self.take(|c| c.is_ascii_digit() || "+-.eE".contains(c));
        word.parse().map_err(|_number| format!("coords needs a number before {:?}", self.rest))
    }

    /// A time that the calendar has: years -9999 to 9999.
    fn time(&mut self) -> Result<f64, String> {
        let seconds = self.number()?;
        if jiff::Timestamp::from_second(seconds as i64).is_ok() {
            return Ok(seconds);
        }
        Err(format!("coords has {seconds} as M; M is Unix time in seconds, of years -9999 to 9999"))
    }

    fn vertex(&mut self) -> Result<Vertex, String> {
        self.vertices += 1;
        if self.vertices > VERTICES_MAX {
            return Err(format!("coords has more than {VERTICES_MAX} positions; ask in parts"));
        }
        let (longitude, latitude) = (self.number()?, self.number()?);
        let position = Position::new(latitude, longitude).map_err(|error| error.to_string())?;
        let seconds = self.measured.then(|| self.time()).transpose()?;
        Ok(Vertex { position, seconds })
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, String> {
        let ring = |reader: &mut Self| -> Result<LineString<f64>, String> {
            let vertices = reader.list(Self::vertex)?;
            let coords = vertices.iter().map(|vertex| Coord {
                x: vertex.position.longitude(),
                y: vertex.position.latitude(),
            });
            let ring = LineString(coords.collect());
            if ring.0.len() < 4 || !ring.is_closed() {
                return Err(
                    "a ring of coords has four positions or more, and ends where it begins"
                        .to_owned(),
                );
            }
            Ok(ring)
        };
        let mut rings = self.list(ring)?.into_iter();
        let outside = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(outside, rings.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vertex(longitude: f64, latitude: f64, seconds: Option<f64>) -> Vertex {
        Vertex { position: Position::new(latitude, longitude).unwrap(), seconds }
    }

    #[test]
    fn shapes_are_read_longitude_first() {
        let rome = vertex(12.5, 41.9, None);
        assert_eq!(Shape::parse("POINT(12.5 41.9)"), Ok(Shape::Points(vec![rome])));
        assert_eq!(
            Shape::parse(" multipoint ((12.5 41.9), (12.5 41.9)) "),
            Ok(Shape::Points(vec![rome; 2]))
        );
        assert_eq!(
            Shape::parse("MULTIPOINT(12.5 41.9,12.5 41.9)"),
            Ok(Shape::Points(vec![rome; 2]))
        );
        let line = vec![vertex(12.5, 41.9, Some(-5e9)), vertex(13.0, 40.0, Some(-4.9e9))];
        for text in [
            "LINESTRINGM(12.5 41.9 -5e9, 13 40 -4.9e9)",
            "LINESTRING M (12.5 41.9 -5e9,13 40 -4.9e9)",
        ] {
            assert_eq!(Shape::parse(text), Ok(Shape::Lines(vec![line.clone()])));
        }
        let area = Shape::parse(
            "POLYGON((12 41,13 41,13 42,12 41),(12.8 41.2,12.9 41.2,12.9 41.3,12.8 41.2))",
        );
        let Ok(Shape::Area(MultiPolygon(polygons))) = area else { panic!("{area:?}") };
        assert_eq!((polygons.len(), polygons[0].interiors().len()), (1, 1));
    }

    #[test]
    fn a_time_that_no_calendar_has_is_refused_and_not_taken_for_another() {
        // Milliseconds of this century, and of AD 150, in place of seconds.
        for no_time in ["1e300", "-1e300", "1e400", "1790000000000", "-57417638400000"] {
            let refusal = Shape::parse(&format!("POINTM(12.5 41.9 {no_time})")).unwrap_err();
            assert!(refusal.contains("M is Unix time in seconds"), "{refusal}");
        }
        let last = vertex(12.5, 41.9, Some(-377_705_000_000.0));
        let shape = Shape::parse("POINTM(12.5 41.9 -377705000000)");
        assert_eq!(shape, Ok(Shape::Points(vec![last])));
    }

    #[test]
    fn what_is_no_shape_is_refused_with_a_sentence() {
        for wrong in [
            "",
            "POINT",
            "POINT(",
            "POINT()",
            "POINT(1)",
            "POINT(1 2",
            "POINT(1 2) x",
            "POINT(1 200)",
            "POINTZ(1 2 3)",
            "CIRCLE(1 2)",
            "POLYGON((1 2,3 4,1 2))",
            "LINESTRING(1 2;3 4)",
            "POINT(é 2)",
            "POINT(NaN 2)",
        ] {
            assert!(Shape::parse(wrong).is_err(), "{wrong}");
        }
        let many = format!("LINESTRING({}1 1)", "1 1,".repeat(VERTICES_MAX));
        assert!(Shape::parse(&many).unwrap_err().contains("in parts"));
    }
}
