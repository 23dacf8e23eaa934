-- +goose Up
-- When a wait was written down. One written at an instant that is still to come
-- was written by a clock that has been set back since, and is over.
ALTER TABLE jobs ADD COLUMN set_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_set ON jobs (set_ms) WHERE due_ms IS NOT NULL;
ALTER TABLE orders ADD COLUMN check_set_ms BIGINT;
CREATE INDEX orders_check_set ON orders (check_set_ms) WHERE check_ms IS NOT NULL AND check_set_ms IS NOT NULL;

-- +goose Down
DROP INDEX orders_check_set;
ALTER TABLE orders DROP COLUMN check_set_ms;
DROP INDEX jobs_set;
ALTER TABLE jobs DROP COLUMN set_ms;
