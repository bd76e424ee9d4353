-- store.sqlite3, format 1. Times are microseconds UTC.

CREATE TABLE release (
  id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  info TEXT NOT NULL,               -- what the release says of itself, JSON
  uploaded_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last row names the current release. Rows are only added.
CREATE TABLE promotion (
  n INTEGER PRIMARY KEY,
  release TEXT NOT NULL REFERENCES release (id),
  promoted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX promotion_release ON promotion (release, n);
