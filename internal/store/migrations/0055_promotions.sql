-- +goose Up
-- Rules that make plans cheaper. Lists are joined by commas, empty for all.
CREATE TABLE promotions (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    code            TEXT NOT NULL,
    cheaper         TEXT NOT NULL CHECK (cheaper IN ('amount', 'percent', 'price', 'trial', 'nth')),
    value           BIGINT NOT NULL CHECK (value >= 0),
    sites           TEXT NOT NULL,
    plans           TEXT NOT NULL,
    methods         TEXT NOT NULL,
    from_ms         BIGINT,
    until_ms        BIGINT,
    weekdays        BIGINT NOT NULL CHECK (weekdays >= 0 AND weekdays < 128),
    hours_from      BIGINT NOT NULL CHECK (hours_from >= 0 AND hours_from < 1440),
    hours_until     BIGINT NOT NULL CHECK (hours_until >= 0 AND hours_until < 1440),
    first_only      BOOLEAN NOT NULL,
    most_uses       BIGINT NOT NULL CHECK (most_uses >= 0),
    most_each       BIGINT NOT NULL CHECK (most_each >= 0),
    ended_ms        BIGINT,
    created_ms      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    nonce           TEXT NOT NULL UNIQUE,
    -- Sums of promotion_uses: those that count, of these the paid ones, and what they took off.
    used            BIGINT NOT NULL DEFAULT 0 CHECK (used >= 0),
    paid            BIGINT NOT NULL DEFAULT 0 CHECK (paid >= 0),
    given           BIGINT NOT NULL DEFAULT 0 CHECK (given >= 0)
);
CREATE UNIQUE INDEX promotions_code ON promotions (code) WHERE code <> '';
-- One row for each order under a promotion. Who ordered is kept as digests only.
CREATE TABLE promotion_uses (
    order_id        TEXT PRIMARY KEY REFERENCES orders (id),
    promotion_id    TEXT NOT NULL REFERENCES promotions (id),
    discount        BIGINT NOT NULL CHECK (discount > 0),
    phone_digest    TEXT NOT NULL,
    device_digest   TEXT NOT NULL,
    held            BOOLEAN NOT NULL,
    paid            BOOLEAN NOT NULL
);
CREATE INDEX promotion_uses_promotion ON promotion_uses (promotion_id, order_id);
CREATE INDEX promotion_uses_phone ON promotion_uses (phone_digest, promotion_id) WHERE phone_digest <> '';
CREATE INDEX promotion_uses_device ON promotion_uses (device_digest, promotion_id) WHERE device_digest <> '';
CREATE INDEX orders_bought ON orders (hint_mac, paid_ms) WHERE hint_mac <> '' AND paid_ms IS NOT NULL;

-- Sums tell apart which promotion made an order cheaper. What was summed up before is made
-- again.
DROP TABLE report_cells;
CREATE TABLE report_cells (
    day             TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('sold', 'in', 'back', 'handed', 'discount')),
    site_id         TEXT NOT NULL,
    plan_id         TEXT NOT NULL,
    method          TEXT NOT NULL,
    test            BOOLEAN NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount >= 0),
    validity_ms     BIGINT NOT NULL CHECK (validity_ms >= 0),
    redeem          TEXT NOT NULL CHECK (redeem IN ('', 'unused', 'active', 'spent', 'lapsed')),
    -- The hour since 1970 in which an unused or active voucher ends, 0 for none.
    ends            BIGINT NOT NULL,
    promotion_id    TEXT NOT NULL,
    n               BIGINT NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, kind, site_id, plan_id, method, test, amount, validity_ms, redeem, ends, promotion_id)
);
DELETE FROM report_flows;
DELETE FROM report_days;
DELETE FROM report_marks;

-- +goose Down
DROP TABLE report_cells;
CREATE TABLE report_cells (
    day             TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('sold', 'in', 'back', 'handed')),
    site_id         TEXT NOT NULL,
    plan_id         TEXT NOT NULL,
    method          TEXT NOT NULL,
    test            BOOLEAN NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    validity_ms     BIGINT NOT NULL CHECK (validity_ms >= 0),
    redeem          TEXT NOT NULL CHECK (redeem IN ('', 'unused', 'active', 'spent', 'lapsed')),
    ends            BIGINT NOT NULL,
    n               BIGINT NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, kind, site_id, plan_id, method, test, amount, validity_ms, redeem, ends)
);
DELETE FROM report_flows;
DELETE FROM report_days;
DELETE FROM report_marks;
DROP INDEX orders_bought;
DROP TABLE promotion_uses;
DROP TABLE promotions;
