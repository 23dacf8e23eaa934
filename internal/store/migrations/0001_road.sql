-- +goose Up
-- One text for both engines: instants are BIGINT UTC milliseconds, ids are
-- sortable text, booleans and JSON carry the same type names everywhere.
CREATE TABLE sites (
    id              TEXT PRIMARY KEY,
    slug            TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL CHECK (name <> ''),
    address         TEXT NOT NULL DEFAULT '',
    timezone        TEXT NOT NULL DEFAULT '',
    delay_ms        BIGINT NOT NULL DEFAULT 0 CHECK (delay_ms >= 0),
    refund_late     BOOLEAN NOT NULL DEFAULT FALSE,
    failover        BOOLEAN NOT NULL DEFAULT FALSE,
    login_hosts     TEXT NOT NULL DEFAULT '',
    position        BIGINT NOT NULL DEFAULT 0,
    hidden          BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE routers (
    id              TEXT PRIMARY KEY,
    site_id         TEXT NOT NULL REFERENCES sites (id),
    name            TEXT NOT NULL UNIQUE CHECK (name <> ''),
    address         TEXT NOT NULL CHECK (address <> ''),
    username        TEXT NOT NULL,
    password_sealed TEXT NOT NULL,
    tls             BOOLEAN NOT NULL DEFAULT FALSE,
    fingerprint     TEXT NOT NULL DEFAULT '',
    server          TEXT NOT NULL DEFAULT '',
    priority        BIGINT NOT NULL DEFAULT 0,
    disabled        BOOLEAN NOT NULL DEFAULT FALSE,
    seen_ms         BIGINT,
    failure         TEXT NOT NULL DEFAULT '',
    failure_ms      BIGINT
);
CREATE INDEX routers_site ON routers (site_id, priority, id);

CREATE TABLE plans (
    id              TEXT PRIMARY KEY,
    site_id         TEXT NOT NULL REFERENCES sites (id),
    name            TEXT NOT NULL CHECK (name <> ''),
    note            TEXT NOT NULL DEFAULT '',
    price           BIGINT NOT NULL CHECK (price > 0),
    validity_ms     BIGINT NOT NULL DEFAULT 0 CHECK (validity_ms >= 0),
    valid_from      TEXT NOT NULL CHECK (valid_from IN ('purchase', 'first_login')),
    uptime_limit_ms BIGINT NOT NULL DEFAULT 0 CHECK (uptime_limit_ms >= 0),
    data_limit      BIGINT NOT NULL DEFAULT 0 CHECK (data_limit >= 0),
    rate_limit      TEXT NOT NULL DEFAULT '',
    shared_users    BIGINT NOT NULL CHECK (shared_users > 0),
    profile         TEXT NOT NULL DEFAULT '',
    position        BIGINT NOT NULL DEFAULT 0,
    hidden          BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX plans_site ON plans (site_id, position, id);

CREATE TABLE settings (
    key             TEXT PRIMARY KEY,
    value           TEXT NOT NULL,
    updated_ms      BIGINT NOT NULL
);

CREATE TABLE orders (
    id              TEXT PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE CHECK (LENGTH(code) = 8),
    token           TEXT NOT NULL UNIQUE CHECK (LENGTH(token) = 40),
    nonce           TEXT NOT NULL UNIQUE CHECK (nonce <> ''),
    site_id         TEXT NOT NULL REFERENCES sites (id),
    plan_id         TEXT NOT NULL,
    lang            TEXT NOT NULL DEFAULT 'id' CHECK (lang IN ('id', 'en')),
    phone           TEXT NOT NULL DEFAULT '',
    item            TEXT NOT NULL,
    total           BIGINT NOT NULL CHECK (total > 0),
    username        TEXT NOT NULL UNIQUE CHECK (username <> ''),
    password        TEXT NOT NULL CHECK (password <> ''),
    hint_mac        TEXT NOT NULL DEFAULT '',
    hint_ip         TEXT NOT NULL DEFAULT '',
    hint_login      TEXT NOT NULL DEFAULT '',
    hint_orig       TEXT NOT NULL DEFAULT '',
    hint_server     TEXT NOT NULL DEFAULT '',
    router_id       TEXT NOT NULL DEFAULT '',
    router_touched  BOOLEAN NOT NULL DEFAULT FALSE,
    attempt_no      BIGINT NOT NULL DEFAULT 1 CHECK (attempt_no > 0),
    test            BOOLEAN NOT NULL DEFAULT FALSE,
    status          TEXT NOT NULL CHECK (status IN ('pending', 'paid', 'activated', 'expired', 'cancelled', 'refunded')),
    flags           TEXT NOT NULL DEFAULT '',
    attention       TEXT NOT NULL DEFAULT '',
    problem         TEXT NOT NULL DEFAULT '',
    problem_ms      BIGINT,
    created_ms      BIGINT NOT NULL,
    expires_ms      BIGINT NOT NULL CHECK (expires_ms > created_ms),
    expired_ms      BIGINT,
    cancelled_ms    BIGINT,
    paid_ms         BIGINT,
    activate_ms     BIGINT,
    activated_ms    BIGINT,
    valid_until_ms  BIGINT,
    checked_ms      BIGINT,
    -- When the gateway is to be asked next, NULL when there is nothing to ask.
    check_ms        BIGINT,
    version         BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (status <> 'paid' OR (paid_ms IS NOT NULL AND activate_ms IS NOT NULL)),
    CHECK (status <> 'activated' OR (paid_ms IS NOT NULL AND activated_ms IS NOT NULL)),
    CHECK (status <> 'expired' OR expired_ms IS NOT NULL),
    CHECK (status <> 'cancelled' OR cancelled_ms IS NOT NULL),
    CHECK ((attention <> '') = (flags LIKE '%attention%'))
);
CREATE INDEX orders_created ON orders (created_ms, id);
CREATE INDEX orders_check ON orders (check_ms, id) WHERE check_ms IS NOT NULL;
CREATE INDEX orders_paid ON orders (paid_ms, id) WHERE status = 'paid';
CREATE INDEX orders_attention ON orders (created_ms, id) WHERE attention <> '';
CREATE INDEX orders_status ON orders (status, created_ms, id);
CREATE INDEX orders_device ON orders (site_id, hint_mac, created_ms) WHERE status = 'pending' AND hint_mac <> '';

CREATE TABLE attempts (
    id              TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    no              BIGINT NOT NULL CHECK (no > 0),
    method          TEXT NOT NULL CHECK (method = 'qris' OR method LIKE 'va:%'),
    amount          BIGINT NOT NULL CHECK (amount > 0),
    reference       TEXT NOT NULL UNIQUE,
    idem_key        TEXT NOT NULL UNIQUE,
    state           TEXT NOT NULL CHECK (state IN ('creating', 'open', 'superseded', 'failed', 'settled')),
    gateway_id      TEXT,
    method_id       TEXT NOT NULL DEFAULT '',
    qr              TEXT NOT NULL DEFAULT '',
    va              TEXT NOT NULL DEFAULT '',
    expires_ms      BIGINT NOT NULL,
    failure         TEXT NOT NULL DEFAULT '',
    -- While one caller talks to the gateway nobody else does.
    busy_until_ms   BIGINT NOT NULL DEFAULT 0,
    created_ms      BIGINT NOT NULL,
    UNIQUE (order_id, no),
    CHECK (state <> 'open' OR (gateway_id IS NOT NULL AND (qr <> '' OR va <> '')))
);
CREATE INDEX attempts_creating ON attempts (order_id) WHERE state = 'creating';
CREATE UNIQUE INDEX attempts_gateway ON attempts (gateway_id) WHERE gateway_id IS NOT NULL;

CREATE TABLE payments (
    gateway         TEXT NOT NULL,
    key             TEXT NOT NULL,
    order_id        TEXT REFERENCES orders (id),
    attempt_no      BIGINT NOT NULL DEFAULT 0,
    reference       TEXT NOT NULL DEFAULT '',
    method          TEXT NOT NULL DEFAULT '',
    amount          BIGINT NOT NULL,
    currency        TEXT NOT NULL,
    paid_ms         BIGINT NOT NULL,
    recorded_ms     BIGINT NOT NULL,
    disputed        BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (gateway, key)
);
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_unmatched ON payments (recorded_ms) WHERE order_id IS NULL;
CREATE INDEX payments_day ON payments (paid_ms);

CREATE TABLE vouchers (
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
CREATE INDEX vouchers_waiting ON vouchers (router_id, state, username);

CREATE TABLE refunds (
    id              TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    payment_key     TEXT NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    reason          TEXT NOT NULL CHECK (reason IN ('excess', 'late', 'cancelled', 'staff')),
    due_ms          BIGINT NOT NULL,
    done_ms         BIGINT,
    UNIQUE (order_id, payment_key, reason)
);
CREATE INDEX refunds_waiting ON refunds (due_ms, id) WHERE done_ms IS NULL;

CREATE TABLE events (
    id              TEXT PRIMARY KEY,
    gateway         TEXT NOT NULL,
    key             TEXT NOT NULL,
    name            TEXT NOT NULL DEFAULT '',
    gateway_id      TEXT NOT NULL DEFAULT '',
    reference       TEXT NOT NULL DEFAULT '',
    claim           TEXT NOT NULL DEFAULT '',
    sample          BOOLEAN NOT NULL DEFAULT FALSE,
    body            BYTEA NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('new', 'done', 'ignored', 'unmatched')),
    order_id        TEXT NOT NULL DEFAULT '',
    note            TEXT NOT NULL DEFAULT '',
    received_ms     BIGINT NOT NULL,
    UNIQUE (gateway, key)
);
CREATE INDEX events_order ON events (order_id, received_ms) WHERE order_id <> '';
CREATE INDEX events_unmatched ON events (received_ms) WHERE state = 'unmatched';

CREATE TABLE jobs (
    id              TEXT PRIMARY KEY,
    kind            TEXT NOT NULL,
    queue           TEXT NOT NULL,
    subject         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    -- Waiting: when it may start. Running: when its lease ends. NULL: finished.
    due_ms          BIGINT,
    fence           BIGINT NOT NULL DEFAULT 0,
    attempts        BIGINT NOT NULL DEFAULT 0,
    snoozes         BIGINT NOT NULL DEFAULT 0,
    failure         TEXT NOT NULL DEFAULT '',
    created_ms      BIGINT NOT NULL,
    finished_ms     BIGINT,
    CHECK ((due_ms IS NULL) = (state IN ('done', 'dead'))),
    CHECK ((finished_ms IS NULL) = (state IN ('waiting', 'running')))
);
CREATE UNIQUE INDEX jobs_waiting ON jobs (kind, subject) WHERE state = 'waiting';
CREATE INDEX jobs_due ON jobs (queue, due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX jobs_finished ON jobs (finished_ms) WHERE finished_ms IS NOT NULL;
CREATE INDEX jobs_subject ON jobs (subject, created_ms);

CREATE TABLE alerts (
    id              TEXT PRIMARY KEY,
    kind            TEXT NOT NULL,
    subject         TEXT NOT NULL,
    detail          TEXT NOT NULL DEFAULT '',
    opened_ms       BIGINT NOT NULL,
    closed_ms       BIGINT
);
CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject) WHERE closed_ms IS NULL;

CREATE TABLE audit (
    seq             BIGINT PRIMARY KEY,
    at_ms           BIGINT NOT NULL,
    actor           TEXT NOT NULL,
    action          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    detail          TEXT NOT NULL,
    prev_hash       TEXT NOT NULL,
    hash            TEXT NOT NULL UNIQUE
);
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE TABLE audit_head (
    id              BIGINT PRIMARY KEY CHECK (id = 1),
    seq             BIGINT NOT NULL,
    hash            TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE staff (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE CHECK (name <> ''),
    role            TEXT NOT NULL CHECK (role IN ('admin', 'kasir', 'teknisi')),
    password_hash   TEXT NOT NULL,
    disabled        BOOLEAN NOT NULL DEFAULT FALSE,
    created_ms      BIGINT NOT NULL
);
CREATE TABLE sessions (
    token_hash      TEXT PRIMARY KEY,
    staff_id        TEXT NOT NULL REFERENCES staff (id),
    created_ms      BIGINT NOT NULL,
    seen_ms         BIGINT NOT NULL,
    expires_ms      BIGINT NOT NULL,
    address         TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sessions_staff ON sessions (staff_id);
CREATE INDEX sessions_expiry ON sessions (expires_ms);

-- +goose Down
DROP TABLE sessions;
DROP TABLE staff;
DROP TABLE audit_head;
DROP TABLE audit;
DROP TABLE alerts;
DROP TABLE jobs;
DROP TABLE events;
DROP TABLE refunds;
DROP TABLE vouchers;
DROP TABLE payments;
DROP TABLE attempts;
DROP TABLE orders;
DROP TABLE settings;
DROP TABLE plans;
DROP TABLE routers;
DROP TABLE sites;
