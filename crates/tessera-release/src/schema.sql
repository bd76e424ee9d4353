-- The release file. Format 1. Every row is written in key order and nothing in it depends on the
-- time or the machine, so that equal sources give equal bytes. `zone` is an H3 index as a signed
-- 64-bit integer; at one resolution the children of a zone are contiguous in it.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  id TEXT PRIMARY KEY,            -- 'etopo5'
  title TEXT NOT NULL,
  publisher TEXT NOT NULL,
  licence TEXT NOT NULL,          -- SPDX id or the publisher's own words
  attribution TEXT NOT NULL,
  edition TEXT NOT NULL,          -- the publisher's version
  sha256 TEXT NOT NULL            -- of the file as read
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

CREATE TABLE terrain (
  zone INTEGER PRIMARY KEY,
  elevation_mean_m INTEGER NOT NULL,
  elevation_min_m INTEGER NOT NULL,
  elevation_max_m INTEGER NOT NULL,
  slope_permille INTEGER NOT NULL,   -- mean rise over run, thousandths
  ruggedness_m INTEGER NOT NULL,     -- standard deviation of the samples
  provenance INTEGER NOT NULL REFERENCES provenance (id)
) STRICT;

CREATE TABLE surface (
  zone INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('sea', 'coast', 'land')),  -- coast: holds both land and sea
  land_permille INTEGER NOT NULL CHECK (land_permille BETWEEN 0 AND 1000),
  provenance INTEGER NOT NULL REFERENCES provenance (id)
) STRICT;

CREATE TABLE river (
  zone INTEGER PRIMARY KEY,
  name TEXT,
  upstream_km2 INTEGER,              -- NULL: the source gives no size
  navigable INTEGER NOT NULL CHECK (navigable IN (0, 1)),
  downstream INTEGER,                -- the neighbouring zone the water goes to; NULL: unknown or mouth
  provenance INTEGER NOT NULL REFERENCES provenance (id)
) STRICT;

CREATE TABLE climate (
  zone INTEGER PRIMARY KEY,
  koppen TEXT NOT NULL,              -- 'Csa'
  provenance INTEGER NOT NULL REFERENCES provenance (id)
) STRICT;

-- Monthly mean wind vector, cm/s, u to the east and v to the north.
CREATE TABLE wind (
  zone INTEGER PRIMARY KEY,
  u01 INTEGER NOT NULL, v01 INTEGER NOT NULL, u02 INTEGER NOT NULL, v02 INTEGER NOT NULL,
  u03 INTEGER NOT NULL, v03 INTEGER NOT NULL, u04 INTEGER NOT NULL, v04 INTEGER NOT NULL,
  u05 INTEGER NOT NULL, v05 INTEGER NOT NULL, u06 INTEGER NOT NULL, v06 INTEGER NOT NULL,
  u07 INTEGER NOT NULL, v07 INTEGER NOT NULL, u08 INTEGER NOT NULL, v08 INTEGER NOT NULL,
  u09 INTEGER NOT NULL, v09 INTEGER NOT NULL, u10 INTEGER NOT NULL, v10 INTEGER NOT NULL,
  u11 INTEGER NOT NULL, v11 INTEGER NOT NULL, u12 INTEGER NOT NULL, v12 INTEGER NOT NULL,
  provenance INTEGER NOT NULL REFERENCES provenance (id)
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

CREATE TABLE tile (
  tileset TEXT NOT NULL CHECK (tileset IN ('world', 'relief')),
  z INTEGER NOT NULL,
  tile_row INTEGER NOT NULL,         -- from the north, as OGC and XYZ count
  tile_col INTEGER NOT NULL,
  data BLOB NOT NULL,                -- world: gzip of a vector tile; relief: PNG, terrarium encoding
  PRIMARY KEY (tileset, z, tile_row, tile_col)
) STRICT, WITHOUT ROWID;
