//! Rows that nobody should ship: of places and of evidence.

/// A rule, and a row of the table of places that breaks it.
pub(super) const PLACE_FAULTS: &[(&str, &str)] = &[
    ("place_row", "Ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,"),
    ("place_row", "ostia,,,37.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,none,9,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,lake,4,,certain,x:1,,,"),
    ("place_row", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,perhaps,x:1,,,"),
    ("place_number", "ostia,Ostia,,7.867799.,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_number", "ostia,Ostia,,37.5,NaN,Achaia,none,4,,certain,x:1,,,"),
    ("place_number", "ostia,Ostia,,37.5,24.5,Achaia,none,4,many,certain,x:1,,,"),
    ("place_number", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,I BC,,"),
    ("place_position_unknown", "ostia,Ostia,,0,0,Achaia,none,4,,certain,x:1,,,"),
    ("position_range", "ostia,Ostia,,95.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_outside", "ostia,Ostia,,24.5,37.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_duplicate", "portus,Another,,37.5,24.5,Achaia,none,4,,certain,x:1,,,"),
    ("place_duplicate", "again,Oppidum,,38.201,24.401,Achaia,none,4,,certain,x:1,,,"),
    ("place_years", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,200,100,"),
    ("place_year_future", "ostia,Ostia,,37.5,24.5,Achaia,none,4,,certain,x:1,,2150,"),
    ("place_port_inland", "ostia,Ostia,,38.5,24.05,Achaia,sea,4,,certain,x:1,,,"),
];

const MINES: &str = "layer = \"mines\"\nformat = { kind = \"csv\" }\nfields = { namespace = \"=m\", id = \"id\", name = \"name\", latitude = \"lat\", longitude = \"lon\", from = \"from\", to = \"to\" }";
pub(super) const LAKES: &str = "layer = \"lakes\"\nformat = { kind = \"geojson\" }\nfields = { modern = \"name\", class = \"class\", year = \"year\" }";
const WATER: &str = "layer = \"open_water\"\nformat = { kind = \"geojson\" }\nfields = { namespace = \"=w\", id = \"id\", period = \"=roman\" }";
const PLEIADES: &str = "layer = \"settlements\"\nformat = { kind = \"ndjson\" }\nfields = { namespace = \"=pleiades\", id = \"id\", title = \"title\", names = \"names\", parts = \"features\", precision = \"location_precision\" }";

/// A rule, how a dataset of evidence is read, and its rows, the last of which breaks the rule.
pub(super) type EvidenceFault = (&'static str, &'static str, &'static [&'static str]);

const HEAD: &str = "id,name,lat,lon,from,to";
const GOOD: &str = "1,Aurifodina,38.0,24.5,-50,300";

pub(super) const EVIDENCE_FAULTS: &[EvidenceFault] = &[
    ("feature_number", MINES, &[HEAD, GOOD, "2,Metallum,7.867799.,24.5,,"]),
    ("feature_position_missing", MINES, &[HEAD, GOOD, "2,Metallum,,,,"]),
    ("feature_position_unknown", MINES, &[HEAD, GOOD, "2,Metallum,0,0,,"]),
    ("feature_range", MINES, &[HEAD, GOOD, "2,Metallum,95.5,24.5,,"]),
    ("feature_outside", MINES, &[HEAD, GOOD, "2,Metallum,24.5,38.0,,"]),
    ("feature_years", MINES, &[HEAD, GOOD, "2,Metallum,38.0,24.5,300,200"]),
    ("feature_year_future", MINES, &[HEAD, GOOD, "2,Metallum,38.0,24.5,100,2150"]),
    ("feature_duplicate", MINES, &[HEAD, GOOD, "1,Metallum,38.1,24.6,,"]),
    (
        "lake_anachronism",
        LAKES,
        &[
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Dam","class":"Reservoir","year":1963},"geometry":{"type":"Polygon","coordinates":[[[24.4,37.9],[24.6,37.9],[24.6,38.1],[24.4,37.9]]]}}]}"#,
        ],
    ),
    (
        "open_water_duplicate",
        WATER,
        &[
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"1"},"geometry":{"type":"Polygon","coordinates":[[[24.4,37.9],[24.6,37.9],[24.6,38.1],[24.4,37.9]]]}},"#,
            r#"{"type":"Feature","properties":{"id":"2"},"geometry":{"type":"Polygon","coordinates":[[[24.4,37.9],[24.6,37.9],[24.6,38.1],[24.4,37.9]]]}}]}"#,
        ],
    ),
    (
        "feature_extent",
        PLEIADES,
        &[
            r#"{"type":"FeatureCollection","id":"7","title":"Regio","names":[],"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[24.5,38.0]},"properties":{}},{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[18.0,36.0],[30.0,36.0],[30.0,40.0],[18.0,40.0],[18.0,36.0]]]},"properties":{"location_precision":"rough"}}]}"#,
        ],
    ),
    (
        "feature_kind",
        PLEIADES,
        &[
            r#"{"type":"FeatureCollection","id":"7","title":"Via","names":[],"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[24.5,38.0]},"properties":{}},{"type":"Feature","geometry":{"type":"LineString","coordinates":[[24.4,38.0],[24.6,38.0]]},"properties":{"location_precision":"precise"}}]}"#,
        ],
    ),
    (
        "feature_unlocated",
        PLEIADES,
        &[
            r#"{"type":"FeatureCollection","id":"7","title":"Ubi","names":[],"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[24.5,38.0]},"properties":{}},{"type":"Feature","geometry":null,"properties":{"location_precision":"unlocated"}}]}"#,
        ],
    ),
    ("row_broken", PLEIADES, &[r#"{"id":"7","title":"Nusquam","names":[],"features":[]}"#]),
];
