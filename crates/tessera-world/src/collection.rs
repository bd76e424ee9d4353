//! The collections a release may have, and what kind of shapes each holds: the one list of them.

use geo_types::Geometry;

/// What the shapes of a collection are. Most formats and clients have one kind of shape a layer, and take it from the
/// first feature that they see (decision 72).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shapes {
    Points,
    Lines,
    Areas,
}

impl Shapes {
    /// `None` of several points, or of several shapes, as one.
    pub const fn of(geometry: &Geometry<f64>) -> Option<Self> {
        match geometry {
            Geometry::Point(_) => Some(Self::Points),
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
                Some(Self::Lines)
            }
            Geometry::Polygon(_)
            | Geometry::MultiPolygon(_)
            | Geometry::Rect(_)
            | Geometry::Triangle(_) => Some(Self::Areas),
            Geometry::MultiPoint(_) | Geometry::GeometryCollection(_) => None,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Lines => "lines",
            Self::Areas => "polygons",
        }
    }
}

/// A collection that a release may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectionKind {
    pub id: &'static str,
    pub shapes: Shapes,
    /// What is in it, without a stop at the end.
    pub what: &'static str,
}

const fn kind(id: &'static str, shapes: Shapes, what: &'static str) -> CollectionKind {
    CollectionKind { id, shapes, what }
}

/// The collections a release may have; one without a feature is not in it.
pub const COLLECTIONS: [CollectionKind; 18] = [
    kind("settlements", Shapes::Points, "Settlements of all kinds that gazetteers know"),
    kind(
        "settlement_extents",
        Shapes::Areas,
        "Settlements of which only the part of a map that they lie on is known",
    ),
    kind("urban_areas", Shapes::Areas, "Ground that towns covered"),
    kind("cities", Shapes::Points, "Cities with rank and population where they are known"),
    kind("ports", Shapes::Points, "Ancient harbours and anchorages"),
    kind("roads", Shapes::Lines, "Roman roads"),
    kind("mines", Shapes::Points, "Mines and what was dug there"),
    kind(
        "monuments",
        Shapes::Points,
        "Monuments: theatres, amphitheatres, sanctuaries, bridges and others",
    ),
    kind("shipwrecks", Shapes::Points, "Wrecks, with their cargo and date where they are known"),
    kind("provinces", Shapes::Areas, "Roman provinces and the extent of the empire"),
    kind("borders", Shapes::Lines, "Borders of Roman provinces"),
    kind("open_water", Shapes::Areas, "Seas and gulfs as they were"),
    kind("canals", Shapes::Lines, "Canals"),
    kind("aqueducts", Shapes::Lines, "Aqueducts"),
    kind("rivers", Shapes::Lines, "Rivers with their names"),
    kind("lakes", Shapes::Areas, "Lakes with their names"),
    kind("coast", Shapes::Lines, "Coastlines of antiquity"),
    kind("plate_boundaries", Shapes::Lines, "Boundaries of the plates of the Earth's crust"),
];

impl CollectionKind {
    pub fn of(id: &str) -> Option<&'static Self> {
        COLLECTIONS.iter().find(|kind| kind.id == id)
    }
}
