-- A player database. Format 1. The one table holds the whole life: `at` is microseconds since 1970
-- (UTC), `value` is canonical JSON, `key` is the idempotency key of the command that the moment
-- belongs to. hash = SHA-256(prev, at as 8 bytes big-endian, kind, 0, name, 0, value, 0, key or nothing).

CREATE TABLE moment (
  at INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('parameter', 'action', 'event')),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  key TEXT,
  prev BLOB NOT NULL CHECK (length(prev) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX moment_key ON moment (key) WHERE key IS NOT NULL;
-- Who sits here: found at start without reading the life.
CREATE INDEX moment_seat ON moment (at) WHERE name IN ('enrol', 'recovery_set');

CREATE TRIGGER moment_is_appended BEFORE INSERT ON moment
WHEN NEW.at <= (SELECT max(at) FROM moment)
BEGIN SELECT RAISE(ABORT, 'a moment comes after every other'); END;

CREATE TRIGGER moment_is_never_changed BEFORE UPDATE ON moment
BEGIN SELECT RAISE(ABORT, 'a moment is never changed'); END;

CREATE TRIGGER moment_is_never_removed BEFORE DELETE ON moment
BEGIN SELECT RAISE(ABORT, 'a moment is never removed'); END;
