-- +goose Up
-- Somebody who sells printed vouchers for the operator.
CREATE TABLE outlets (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE CHECK (name <> ''),
    phone           TEXT NOT NULL DEFAULT '',
    note            TEXT NOT NULL DEFAULT '',
    created_ms      BIGINT NOT NULL
);

-- A batch is many vouchers of one plan for one router, made in the background.
-- item is the plan as it was then, comment what the router keeps with each.
CREATE TABLE batches (
    id              TEXT PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE CHECK (LENGTH(code) = 6),
    nonce           TEXT NOT NULL CHECK (nonce <> ''),
    site_id         TEXT NOT NULL REFERENCES sites (id),
    router_id       TEXT NOT NULL REFERENCES routers (id),
    plan_id         TEXT NOT NULL,
    item            TEXT NOT NULL,
    server          TEXT NOT NULL DEFAULT '',
    mode            TEXT NOT NULL CHECK (mode IN ('same', 'pair')),
    charset         TEXT NOT NULL,
    length          BIGINT NOT NULL CHECK (length > 0),
    prefix          TEXT NOT NULL DEFAULT '',
    note            TEXT NOT NULL DEFAULT '',
    comment         TEXT NOT NULL CHECK (comment <> ''),
    count           BIGINT NOT NULL CHECK (count BETWEEN 1 AND 10000),
    drawn           BIGINT NOT NULL DEFAULT 0 CHECK (drawn BETWEEN 0 AND count),
    state           TEXT NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'cancelled', 'done')),
    problem         TEXT NOT NULL DEFAULT '',
    created_by      TEXT NOT NULL,
    created_ms      BIGINT NOT NULL,
    done_ms         BIGINT,
    UNIQUE (nonce, router_id),
    CHECK ((state = 'stopped') = (problem <> '')),
    CHECK (state <> 'done' OR done_ms IS NOT NULL)
);

-- What was printed or exported, each once per form.
CREATE TABLE prints (
    id              TEXT PRIMARY KEY,
    batch_id        TEXT NOT NULL REFERENCES batches (id),
    nonce           TEXT NOT NULL UNIQUE CHECK (nonce <> ''),
    first_no        BIGINT NOT NULL,
    last_no         BIGINT NOT NULL,
    format          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    at_ms           BIGINT NOT NULL
);
CREATE INDEX prints_batch ON prints (batch_id, at_ms);

-- Below this many unsold vouchers of a plan somebody is told.
CREATE TABLE stock_levels (
    plan_id         TEXT PRIMARY KEY,
    low             BIGINT NOT NULL CHECK (low > 0)
);

-- A voucher of a batch may live without an order: it was sold on paper and
-- showed itself at its first login. SQLite cannot change a CHECK, so the table
-- is written anew.
CREATE TABLE vouchers_new (
    id              TEXT PRIMARY KEY,
    order_id        TEXT UNIQUE REFERENCES orders (id),
    site_id         TEXT NOT NULL REFERENCES sites (id),
    plan_id         TEXT NOT NULL,
    router_id       TEXT NOT NULL,
    username        TEXT NOT NULL UNIQUE,
    state           TEXT NOT NULL CHECK (state IN ('stock', 'sold', 'active', 'expired', 'disabled')),
    sold_ms         BIGINT,
    first_login_ms  BIGINT,
    valid_until_ms  BIGINT,
    ended_ms        BIGINT,
    -- Of a batch: its password, its number, when its router had it, when its
    -- router was told that it ended, who has it, when it was printed, who sold it.
    batch_id        TEXT REFERENCES batches (id),
    no              BIGINT NOT NULL DEFAULT 0,
    password        TEXT NOT NULL DEFAULT '',
    made_ms         BIGINT,
    off_ms          BIGINT,
    outlet_id       TEXT REFERENCES outlets (id),
    printed_ms      BIGINT,
    sold_by         TEXT NOT NULL DEFAULT '',
    CHECK (state IN ('stock', 'disabled') OR sold_ms IS NOT NULL),
    CHECK (state IN ('stock', 'disabled') OR order_id IS NOT NULL OR batch_id IS NOT NULL),
    CHECK (state <> 'active' OR first_login_ms IS NOT NULL),
    CHECK (batch_id IS NULL OR (no > 0 AND password <> ''))
);
INSERT INTO vouchers_new (id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms)
    SELECT id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms FROM vouchers;
DROP TABLE vouchers;
ALTER TABLE vouchers_new RENAME TO vouchers;
CREATE INDEX vouchers_waiting ON vouchers (router_id, state, username);
CREATE INDEX vouchers_batch ON vouchers (batch_id, state, no) WHERE batch_id IS NOT NULL;
CREATE UNIQUE INDEX vouchers_serial ON vouchers (batch_id, no) WHERE batch_id IS NOT NULL;
CREATE INDEX vouchers_unmade ON vouchers (batch_id, no) WHERE made_ms IS NULL AND batch_id IS NOT NULL;
CREATE INDEX vouchers_off ON vouchers (batch_id, no) WHERE state = 'disabled' AND made_ms IS NOT NULL AND off_ms IS NULL;
CREATE INDEX vouchers_sale ON vouchers (plan_id, id) WHERE state = 'stock' AND made_ms IS NOT NULL AND outlet_id IS NULL AND printed_ms IS NULL;
CREATE INDEX vouchers_plan ON vouchers (plan_id, state, id);
CREATE INDEX vouchers_outlet ON vouchers (outlet_id, state) WHERE outlet_id IS NOT NULL;

-- +goose Down
CREATE TABLE vouchers_old (
    id              TEXT PRIMARY KEY,
    order_id        TEXT UNIQUE REFERENCES orders (id),
    site_id         TEXT NOT NULL REFERENCES sites (id),
    plan_id         TEXT NOT NULL,
    router_id       TEXT NOT NULL,
    username        TEXT NOT NULL UNIQUE,
    state           TEXT NOT NULL CHECK (state IN ('stock', 'sold', 'active', 'expired', 'disabled')),
    sold_ms         BIGINT,
    first_login_ms  BIGINT,
    valid_until_ms  BIGINT,
    ended_ms        BIGINT,
    CHECK (state = 'stock' OR state = 'disabled' OR (order_id IS NOT NULL AND sold_ms IS NOT NULL)),
    CHECK (state <> 'active' OR first_login_ms IS NOT NULL)
);
INSERT INTO vouchers_old (id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms)
    SELECT id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms FROM vouchers WHERE order_id IS NOT NULL;
DROP TABLE vouchers;
ALTER TABLE vouchers_old RENAME TO vouchers;
CREATE INDEX vouchers_waiting ON vouchers (router_id, state, username);
DROP TABLE stock_levels;
DROP TABLE prints;
DROP TABLE batches;
DROP TABLE outlets;
