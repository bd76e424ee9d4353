-- What was fixed when the file was made.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One node's part in one window: its snapshot, or why there is none. Decided once.
CREATE TABLE share (
  window  INTEGER NOT NULL,
  node    TEXT    NOT NULL,
  outcome TEXT    NOT NULL CHECK (outcome IN ('counted', 'left_out', 'no_such_window')),
  body    TEXT,
  sha256  TEXT,
  reason  TEXT,
  PRIMARY KEY (window, node),
  CHECK ((outcome = 'counted') = (body IS NOT NULL)),
  CHECK ((outcome = 'counted') = (sha256 IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX share_by_node ON share (node, window);

-- One row a window, in the one transaction that derives it.
CREATE TABLE derived (
  window INTEGER PRIMARY KEY NOT NULL,
  -- As it goes to 1102.
  body   TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  -- How it came to be: nodes, rejected rows.
  record TEXT NOT NULL,
  -- What is remembered after it; only the newest rows keep it.
  memory TEXT,
  state  TEXT NOT NULL CHECK (state IN ('derived', 'written', 'superseded'))
) STRICT;

CREATE INDEX derived_unwritten ON derived (window) WHERE state = 'derived';

CREATE TRIGGER derived_once BEFORE UPDATE OF window, body, sha256, record ON derived
BEGIN
  SELECT RAISE(ABORT, 'a window is derived once');
END;
CREATE TRIGGER share_once BEFORE UPDATE ON share
BEGIN
  SELECT RAISE(ABORT, 'a share is decided once');
END;
