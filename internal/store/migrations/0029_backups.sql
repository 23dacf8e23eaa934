-- +goose Up
-- Every backup that was begun and every drill, with its outcome. The one that is
-- running holds a lease, and there is never a second one.
CREATE TABLE backup_runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('backup', 'drill', 'by_hand')),
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'interrupted')),
  actor TEXT NOT NULL,
  started_ms BIGINT NOT NULL,
  lease_ms BIGINT NOT NULL,
  finished_ms BIGINT,
  name TEXT NOT NULL DEFAULT '',
  taken_ms BIGINT,
  row_count BIGINT NOT NULL DEFAULT 0 CHECK (row_count >= 0),
  bytes BIGINT NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  drill_ms BIGINT NOT NULL DEFAULT 0 CHECK (drill_ms >= 0),
  failure TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'running') = (finished_ms IS NULL))
);
CREATE UNIQUE INDEX backup_runs_one ON backup_runs (state) WHERE state = 'running';
CREATE INDEX backup_runs_kind ON backup_runs (kind, state, started_ms);
CREATE INDEX backup_runs_started ON backup_runs (started_ms);
-- The backups of this shop that lie at each place, as they were last seen there.
CREATE TABLE backup_files (
  place TEXT NOT NULL,
  name TEXT NOT NULL,
  taken_ms BIGINT NOT NULL,
  bytes BIGINT NOT NULL CHECK (bytes >= 0),
  sha256 TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (place, name)
);
-- +goose Down
DROP TABLE backup_files;
DROP TABLE backup_runs;
