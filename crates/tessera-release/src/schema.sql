-- The release file. Format 2. Every row is written in key order and nothing in it depends on the
-- time or the machine, so that equal sources give equal bytes. `zone` is an H3 index as a signed
-- 64-bit integer; at one resolution the children of a zone are contiguous in it. Years are
-- astronomical (-200 is 201 BC). A column that ends in `provenance` names a row of `provenance`.

-- bbox, coarse_resolution, epoch, epochs, finished, places, resolution, title, zones
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  id TEXT PRIMARY KEY,            -- 'etopo5'
  title TEXT NOT NULL,
  publisher TEXT NOT NULL,
  licence TEXT NOT NULL,          -- SPDX id or the publisher's own words
  attribution TEXT NOT NULL,
  edition TEXT NOT NULL,          -- the publisher's version
  sha256 TEXT NOT NULL,           -- of the file as read
  url TEXT NOT NULL               -- where a person finds it; '' where it has no page
) STRICT, WITHOUT ROWID;

CREATE TABLE provenance (
  id INTEGER PRIMARY KEY,
  layer TEXT NOT NULL,            -- 'terrain', 'surface', 'river', 'climate', 'wind', 'place'
  source TEXT NOT NULL REFERENCES source (id),
  licence TEXT NOT NULL,
  certainty TEXT NOT NULL CHECK (certainty IN ('certain', 'conjectured', 'hypothetical')),
  method TEXT NOT NULL,           -- how the fact was put on the zone, one sentence
  valid_from INTEGER,             -- astronomical years; NULL: no known bound
  valid_to INTEGER
) STRICT;

-- Counted once, as the file is finished.
CREATE TABLE layer (
  id TEXT PRIMARY KEY,            -- 'terrain'
  zones INTEGER NOT NULL,         -- that have a fact of it
  resolution INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE collection (
  id TEXT PRIMARY KEY,            -- 'roads'
  features INTEGER NOT NULL,
  first_fid INTEGER NOT NULL,     -- its features have the numbers from this on
  west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL,
  first_year INTEGER,             -- that a bound of a feature names; NULL: none does
  last_year INTEGER
) STRICT, WITHOUT ROWID;

-- How many cells lie in a zone three resolutions coarser than theirs, so that nobody counts them one by one.
CREATE TABLE cell_count (zone INTEGER PRIMARY KEY, cells INTEGER NOT NULL) STRICT;

-- The layers that nearly every zone has, one row a zone. A group whose provenance is NULL is missing.
CREATE TABLE cell (
  zone INTEGER PRIMARY KEY,
  kind TEXT,                      -- 'sea', 'land', or 'coast': holds both
  land_permille INTEGER,          -- share of the zone that is land, thousandths
  surface_provenance INTEGER,
  elevation_mean_m INTEGER,       -- against mean sea level; of the sea floor under water
  elevation_min_m INTEGER,
  elevation_max_m INTEGER,
  slope_permille INTEGER,         -- mean rise over run, thousandths
  ruggedness_m INTEGER,           -- standard deviation of the samples
  terrain_provenance INTEGER,
  depth_mean_m INTEGER,           -- of the water, where there is any
  depth_max_m INTEGER,
  bathymetry_provenance INTEGER,
  koppen TEXT,                    -- 'Csa'
  climate_provenance INTEGER,
  igbp INTEGER,                   -- class of the IGBP legend, 0 (water) to 16 (barren)
  land_cover_provenance INTEGER
) STRICT;

CREATE TABLE river (
  zone INTEGER PRIMARY KEY,
  latin TEXT,
  modern TEXT,
  upstream_km2 INTEGER,           -- NULL: the source gives no size
  strahler INTEGER,               -- 1 at a spring, one more where two of the same order meet
  navigable INTEGER NOT NULL CHECK (navigable IN (0, 1)),
  downstream INTEGER,             -- the neighbouring zone the water goes to; NULL: unknown or mouth
  provenance INTEGER NOT NULL
) STRICT;

CREATE TABLE lake (
  zone INTEGER PRIMARY KEY,
  latin TEXT,
  modern TEXT,
  water_permille INTEGER NOT NULL CHECK (water_permille BETWEEN 0 AND 1000),
  provenance INTEGER NOT NULL
) STRICT;

-- What the surface was in some years, in place of the one in `cell`. Intervals of a zone do not overlap.
CREATE TABLE surface_interval (
  zone INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL CHECK (valid_to >= valid_from),
  kind TEXT NOT NULL CHECK (kind IN ('sea', 'coast', 'land')),
  land_permille INTEGER NOT NULL CHECK (land_permille BETWEEN 0 AND 1000),
  provenance INTEGER NOT NULL,
  PRIMARY KEY (zone, valid_from)
) STRICT, WITHOUT ROWID;

-- Where sources disagree: what was chosen, what was not, and the rule that chose.
CREATE TABLE conflict (
  zone INTEGER NOT NULL,
  layer TEXT NOT NULL,            -- 'elevation'
  rule TEXT NOT NULL,
  chosen TEXT NOT NULL REFERENCES source (id),
  chosen_value REAL NOT NULL,
  other TEXT NOT NULL REFERENCES source (id),
  other_value REAL NOT NULL,
  PRIMARY KEY (zone, layer, other)
) STRICT, WITHOUT ROWID;

-- From here to `geology`, zones are of the coarse resolution; a cell reads those of its ancestor.

-- Monthly mean wind vector, cm/s, u to the east and v to the north.
CREATE TABLE wind (
  zone INTEGER PRIMARY KEY,
  u01 INTEGER NOT NULL, v01 INTEGER NOT NULL, u02 INTEGER NOT NULL, v02 INTEGER NOT NULL,
  u03 INTEGER NOT NULL, v03 INTEGER NOT NULL, u04 INTEGER NOT NULL, v04 INTEGER NOT NULL,
  u05 INTEGER NOT NULL, v05 INTEGER NOT NULL, u06 INTEGER NOT NULL, v06 INTEGER NOT NULL,
  u07 INTEGER NOT NULL, v07 INTEGER NOT NULL, u08 INTEGER NOT NULL, v08 INTEGER NOT NULL,
  u09 INTEGER NOT NULL, v09 INTEGER NOT NULL, u10 INTEGER NOT NULL, v10 INTEGER NOT NULL,
  u11 INTEGER NOT NULL, v11 INTEGER NOT NULL, u12 INTEGER NOT NULL, v12 INTEGER NOT NULL,
  provenance INTEGER NOT NULL
) STRICT;

-- Monthly mean current of the sea's surface, cm/s, u to the east and v to the north.
CREATE TABLE current (
  zone INTEGER PRIMARY KEY,
  u01 INTEGER NOT NULL, v01 INTEGER NOT NULL, u02 INTEGER NOT NULL, v02 INTEGER NOT NULL,
  u03 INTEGER NOT NULL, v03 INTEGER NOT NULL, u04 INTEGER NOT NULL, v04 INTEGER NOT NULL,
  u05 INTEGER NOT NULL, v05 INTEGER NOT NULL, u06 INTEGER NOT NULL, v06 INTEGER NOT NULL,
  u07 INTEGER NOT NULL, v07 INTEGER NOT NULL, u08 INTEGER NOT NULL, v08 INTEGER NOT NULL,
  u09 INTEGER NOT NULL, v09 INTEGER NOT NULL, u10 INTEGER NOT NULL, v10 INTEGER NOT NULL,
  u11 INTEGER NOT NULL, v11 INTEGER NOT NULL, u12 INTEGER NOT NULL, v12 INTEGER NOT NULL,
  provenance INTEGER NOT NULL
) STRICT;

-- Rain in mm a month, mean temperature in tenths of a degree Celsius; either may be missing as a whole.
CREATE TABLE weather (
  zone INTEGER PRIMARY KEY,
  rain01 INTEGER, rain02 INTEGER, rain03 INTEGER, rain04 INTEGER, rain05 INTEGER, rain06 INTEGER,
  rain07 INTEGER, rain08 INTEGER, rain09 INTEGER, rain10 INTEGER, rain11 INTEGER, rain12 INTEGER,
  rain_provenance INTEGER,
  t01 INTEGER, t02 INTEGER, t03 INTEGER, t04 INTEGER, t05 INTEGER, t06 INTEGER,
  t07 INTEGER, t08 INTEGER, t09 INTEGER, t10 INTEGER, t11 INTEGER, t12 INTEGER,
  temperature_provenance INTEGER
) STRICT;

-- 12 months of 18 unsigned 16-bit integers, little-endian: 8 shares in thousandths, 8 mean speeds in
-- tenths of a metre per second, the share of calms, the share of gales. Direction k: from 45 k degrees.
CREATE TABLE wind_rose (
  zone INTEGER PRIMARY KEY,
  data BLOB NOT NULL CHECK (length(data) = 432),
  provenance INTEGER NOT NULL
) STRICT;

CREATE TABLE geology (
  zone INTEGER PRIMARY KEY,
  crust TEXT,                     -- kind of the crust, as CRUST1.0 names it
  crust_provenance INTEGER,
  orogen TEXT,                    -- the belt of mountain building
  orogen_provenance INTEGER
) STRICT;

CREATE TABLE place (
  id TEXT PRIMARY KEY,               -- 'ostia'
  latin TEXT NOT NULL,
  modern TEXT NOT NULL,
  latitude REAL NOT NULL,
  longitude REAL NOT NULL,
  zone INTEGER NOT NULL,             -- the zone that holds the point
  water_zone INTEGER,                -- the sea or coast zone its ships lie in; NULL: no sea harbour
  province TEXT NOT NULL,
  harbour TEXT NOT NULL CHECK (harbour IN ('sea', 'river', 'none')),
  rank INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 5),
  population INTEGER,
  certainty TEXT NOT NULL CHECK (certainty IN ('certain', 'conjectured', 'hypothetical')),
  citation TEXT NOT NULL,            -- 'pleiades:422995'
  valid_from INTEGER,
  valid_to INTEGER,
  note TEXT NOT NULL,
  provenance INTEGER NOT NULL REFERENCES provenance (id)
) STRICT, WITHOUT ROWID;

-- Things with a shape that no zone owns, by collection and id.
CREATE TABLE feature (
  fid INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  latin TEXT,
  geometry BLOB NOT NULL,         -- ISO WKB, WGS 84, longitude first
  zone INTEGER,                   -- of the world's resolution, where the feature is a point
  properties TEXT NOT NULL,       -- a JSON object, flat
  certainty TEXT NOT NULL CHECK (certainty IN ('certain', 'conjectured', 'hypothetical')),
  citation TEXT NOT NULL,
  valid_from INTEGER,
  valid_to INTEGER,
  provenance INTEGER NOT NULL,
  UNIQUE (collection, id)
) STRICT;

-- Boxes around the features, rounded outwards to 32 bits.
CREATE VIRTUAL TABLE feature_box USING rtree (fid, west, east, south, north);

CREATE TABLE tile (
  tileset TEXT NOT NULL CHECK (tileset IN ('world', 'relief')),
  z INTEGER NOT NULL,
  tile_row INTEGER NOT NULL,         -- from the north, as OGC and XYZ count
  tile_col INTEGER NOT NULL,
  data BLOB NOT NULL,                -- world: gzip of a vector tile; relief: PNG, terrarium encoding
  PRIMARY KEY (tileset, z, tile_row, tile_col)
) STRICT, WITHOUT ROWID;
