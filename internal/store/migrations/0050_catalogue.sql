-- +goose Up
-- When a plan was retired: kept for what was sold of it.
ALTER TABLE plans ADD COLUMN retired_ms BIGINT;
-- What changes of the catalogue lock.
INSERT INTO settings (key, value, updated_ms) VALUES ('catalogue_lock', '""', 0);

-- +goose Down
DELETE FROM settings WHERE key = 'catalogue_lock';
ALTER TABLE plans DROP COLUMN retired_ms;
