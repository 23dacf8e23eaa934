-- +goose Up
-- Days of the operator's time zone that are summed up. A day that is not here,
-- or that carries a mark, is added up from the raw rows when somebody asks.
CREATE TABLE report_days (
    day             TEXT PRIMARY KEY CHECK (LENGTH(day) = 10),
    zone            TEXT NOT NULL,
    made_ms         BIGINT NOT NULL
);
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
CREATE TABLE report_flows (
    day             TEXT NOT NULL,
    site_id         TEXT NOT NULL,
    router_id       TEXT NOT NULL,
    test            BOOLEAN NOT NULL,
    numbers         TEXT NOT NULL,
    PRIMARY KEY (day, site_id, router_id, test)
);
-- A mark says that something of that instant changed long afterwards. Marks are
-- only ever added and taken away whole, so that no two writers meet at a row.
CREATE TABLE report_marks (
    id              TEXT PRIMARY KEY,
    at_ms           BIGINT NOT NULL
);
CREATE INDEX report_marks_at ON report_marks (at_ms);
CREATE INDEX refunds_done ON refunds (done_ms) WHERE done_ms IS NOT NULL;
CREATE INDEX vouchers_sold ON vouchers (sold_ms) WHERE sold_ms IS NOT NULL;

-- +goose Down
DROP INDEX vouchers_sold;
DROP INDEX refunds_done;
DROP TABLE report_marks;
DROP TABLE report_flows;
DROP TABLE report_cells;
DROP TABLE report_days;
