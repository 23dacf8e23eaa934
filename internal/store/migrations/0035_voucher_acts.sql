-- +goose Up
-- What staff do with one voucher beside ending it: since when it is kept out for a while,
-- what was added to it without an order, since when its present router has it (NULL for
-- its first) and what the routers before that one counted.
ALTER TABLE vouchers ADD COLUMN suspended_ms BIGINT;
ALTER TABLE vouchers ADD COLUMN given_validity_ms BIGINT NOT NULL DEFAULT 0 CHECK (given_validity_ms >= 0);
ALTER TABLE vouchers ADD COLUMN given_uptime_ms BIGINT NOT NULL DEFAULT 0 CHECK (given_uptime_ms >= 0);
ALTER TABLE vouchers ADD COLUMN given_data BIGINT NOT NULL DEFAULT 0 CHECK (given_data >= 0);
ALTER TABLE vouchers ADD COLUMN moved_ms BIGINT;
ALTER TABLE vouchers ADD COLUMN carried_uptime_ms BIGINT NOT NULL DEFAULT 0 CHECK (carried_uptime_ms >= 0);
ALTER TABLE vouchers ADD COLUMN carried_data BIGINT NOT NULL DEFAULT 0 CHECK (carried_data >= 0);

-- A router that had a voucher's user before its present one, or may have got it for an order
-- that has no voucher yet; what it counted, and when it had let the user go: until then it may
-- still let the customer in.
CREATE TABLE former_routers (
    id              TEXT PRIMARY KEY,
    voucher_id      TEXT REFERENCES vouchers (id),
    order_id        TEXT REFERENCES orders (id),
    router_id       TEXT NOT NULL REFERENCES routers (id),
    uptime_ms       BIGINT NOT NULL DEFAULT 0 CHECK (uptime_ms >= 0),
    data            BIGINT NOT NULL DEFAULT 0 CHECK (data >= 0),
    since_ms        BIGINT NOT NULL,
    left_ms         BIGINT,
    CHECK (voucher_id IS NOT NULL OR order_id IS NOT NULL)
);
CREATE INDEX former_routers_voucher ON former_routers (voucher_id, since_ms);
CREATE INDEX former_routers_order ON former_routers (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX former_routers_router ON former_routers (router_id, voucher_id);

-- +goose Down
DROP TABLE former_routers;
ALTER TABLE vouchers DROP COLUMN carried_data;
ALTER TABLE vouchers DROP COLUMN carried_uptime_ms;
ALTER TABLE vouchers DROP COLUMN moved_ms;
ALTER TABLE vouchers DROP COLUMN given_data;
ALTER TABLE vouchers DROP COLUMN given_uptime_ms;
ALTER TABLE vouchers DROP COLUMN given_validity_ms;
ALTER TABLE vouchers DROP COLUMN suspended_ms;
