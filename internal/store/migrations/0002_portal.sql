-- +goose Up
-- An extension is an order that lengthens another order's voucher.
ALTER TABLE orders ADD COLUMN extends TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_extends ON orders (extends) WHERE extends <> '';
CREATE TABLE extensions (
    order_id        TEXT PRIMARY KEY REFERENCES orders (id),
    voucher_order   TEXT NOT NULL REFERENCES orders (id),
    router_id       TEXT NOT NULL,
    username        TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    CHECK (order_id <> voucher_order)
);
CREATE INDEX extensions_voucher ON extensions (voucher_order);

-- What a site offers its captive customers, as JSON; empty means nothing.
ALTER TABLE sites ADD COLUMN portal TEXT NOT NULL DEFAULT '';

-- A pass is a few minutes of capped internet to pay one order with.
CREATE TABLE passes (
    order_id        TEXT PRIMARY KEY REFERENCES orders (id),
    site_id         TEXT NOT NULL REFERENCES sites (id),
    router_id       TEXT NOT NULL REFERENCES routers (id),
    mac             TEXT NOT NULL CHECK (mac <> ''),
    phone           TEXT NOT NULL DEFAULT '',
    username        TEXT NOT NULL UNIQUE CHECK (username LIKE 'gp-%'),
    started_ms      BIGINT NOT NULL,
    ends_ms         BIGINT NOT NULL CHECK (ends_ms > started_ms),
    removed_ms      BIGINT
);
CREATE INDEX passes_mac ON passes (mac, started_ms);
CREATE INDEX passes_phone ON passes (phone, started_ms) WHERE phone <> '';
CREATE INDEX passes_router ON passes (router_id, ends_ms);
CREATE INDEX passes_live ON passes (router_id) WHERE removed_ms IS NULL;

-- +goose Down
DROP TABLE passes;
ALTER TABLE sites DROP COLUMN portal;
DROP TABLE extensions;
DROP INDEX orders_extends;
ALTER TABLE orders DROP COLUMN extends;
