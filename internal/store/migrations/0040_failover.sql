-- +goose Up
-- How long a router is away before the next one takes its orders, and which routers of a
-- site serve the same hotspot: those with the same name here.
ALTER TABLE sites ADD COLUMN failover_after_ms BIGINT NOT NULL DEFAULT 15000 CHECK (failover_after_ms >= 0);
ALTER TABLE routers ADD COLUMN hotspot TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE routers DROP COLUMN hotspot;
ALTER TABLE sites DROP COLUMN failover_after_ms;
