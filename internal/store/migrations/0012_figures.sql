-- +goose Up
-- Sums tell apart how long a plan lasts and how far its voucher has come. What
-- was summed up before is thrown away and made again by itself.
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
    -- The hour since 1970 in which an unused or active voucher ends, 0 for none.
    ends            BIGINT NOT NULL,
    n               BIGINT NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, kind, site_id, plan_id, method, test, amount, validity_ms, redeem, ends)
);
DELETE FROM report_flows;
DELETE FROM report_days;
DELETE FROM report_marks;
-- Every sum of a day has a name of its own: who has read it once knows it.
ALTER TABLE report_days ADD COLUMN sum_id TEXT NOT NULL DEFAULT '';

-- When a customer first found an order again by its codes.
CREATE TABLE claims (
    order_id        TEXT PRIMARY KEY REFERENCES orders (id),
    at_ms           BIGINT NOT NULL
);
CREATE INDEX claims_at ON claims (at_ms);
CREATE INDEX alerts_opened ON alerts (opened_ms);
CREATE INDEX alerts_closed ON alerts (closed_ms) WHERE closed_ms IS NOT NULL;
CREATE INDEX vouchers_state ON vouchers (state, id);
CREATE INDEX vouchers_fresh ON vouchers (order_id) WHERE first_login_ms IS NULL AND sold_ms IS NOT NULL;
CREATE INDEX counter_shift ON counter_payments (shift_id) WHERE shift_id IS NOT NULL;

-- +goose Down
DROP INDEX counter_shift;
DROP INDEX vouchers_fresh;
DROP INDEX vouchers_state;
DROP INDEX alerts_closed;
DROP INDEX alerts_opened;
DROP TABLE claims;
ALTER TABLE report_days DROP COLUMN sum_id;
DROP TABLE report_cells;
CREATE TABLE report_cells (
    day             TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('sold', 'in', 'back')),
    site_id         TEXT NOT NULL,
    plan_id         TEXT NOT NULL,
    method          TEXT NOT NULL,
    test            BOOLEAN NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    n               BIGINT NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, kind, site_id, plan_id, method, test, amount)
);
DELETE FROM report_flows;
DELETE FROM report_days;
