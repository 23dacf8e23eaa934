-- +goose Up
-- How an order was paid: through the gateway, or at the counter and by whom.
ALTER TABLE orders ADD COLUMN channel TEXT NOT NULL DEFAULT 'online';
ALTER TABLE orders ADD COLUMN seller_id TEXT NOT NULL DEFAULT '';
-- When staff had it activated against the rules, and when all its money had
-- gone back.
ALTER TABLE orders ADD COLUMN forced_ms BIGINT;
ALTER TABLE orders ADD COLUMN closed_ms BIGINT;
-- The last four digits of the phone number, so that they can be looked up.
ALTER TABLE orders ADD COLUMN phone_tail TEXT NOT NULL DEFAULT '';
UPDATE orders SET phone_tail = SUBSTR(phone, LENGTH(phone) - 3) WHERE LENGTH(phone) >= 4;
CREATE INDEX orders_site ON orders (site_id, created_ms, id);
CREATE INDEX orders_site_status ON orders (site_id, status, created_ms, id);
CREATE INDEX orders_channel ON orders (channel, created_ms, id);
CREATE INDEX orders_plan ON orders (plan_id, created_ms, id);
CREATE INDEX orders_phone ON orders (phone_tail, created_ms, id) WHERE phone_tail <> '';
CREATE INDEX orders_seller ON orders (seller_id, created_ms, id) WHERE seller_id <> '';
CREATE INDEX orders_sold ON orders (paid_ms, site_id, channel, total) WHERE paid_ms IS NOT NULL;
CREATE INDEX orders_late ON orders (created_ms, id) WHERE flags LIKE '%late%';
CREATE INDEX orders_under ON orders (created_ms, id) WHERE flags LIKE '%underpaid%';
CREATE INDEX orders_over ON orders (created_ms, id) WHERE flags LIKE '%overpaid%';
CREATE INDEX orders_duplicate ON orders (created_ms, id) WHERE flags LIKE '%duplicate_payment%';
CREATE INDEX payments_key ON payments (key);
CREATE INDEX events_gateway ON events (gateway_id) WHERE gateway_id <> '';
CREATE INDEX events_received ON events (received_ms);

-- Refunds get a road of their own: asked for, approved, sent or handed over,
-- done. Money without an order can be given back too.
CREATE TABLE refunds_new (
    id              TEXT PRIMARY KEY,
    order_id        TEXT REFERENCES orders (id),
    gateway         TEXT NOT NULL DEFAULT '',
    payment_key     TEXT NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    reason          TEXT NOT NULL CHECK (reason IN ('excess', 'late', 'cancelled', 'staff', 'external')),
    state           TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'sent', 'manual', 'done', 'rejected')),
    asked_by        TEXT NOT NULL DEFAULT '',
    asked_id        TEXT NOT NULL DEFAULT '',
    approved_by     TEXT NOT NULL DEFAULT '',
    why             TEXT NOT NULL DEFAULT '',
    ends_voucher    BOOLEAN NOT NULL DEFAULT FALSE,
    disabled_ms     BIGINT,
    gateway_id      TEXT,
    failure         TEXT NOT NULL DEFAULT '',
    nonce           TEXT UNIQUE,
    due_ms          BIGINT NOT NULL,
    done_ms         BIGINT,
    closed_ms       BIGINT,
    CHECK ((done_ms IS NOT NULL) = (state = 'done')),
    CHECK ((closed_ms IS NOT NULL) = (state IN ('done', 'rejected')))
);
INSERT INTO refunds_new (id, order_id, gateway, payment_key, amount, reason, state, asked_by, due_ms, done_ms, closed_ms)
    SELECT id, order_id, COALESCE((SELECT p.gateway FROM payments p WHERE p.order_id = refunds.order_id AND p.key = refunds.payment_key), ''),
        payment_key, amount, reason, CASE WHEN done_ms IS NULL THEN 'requested' ELSE 'done' END, 'server', due_ms, done_ms, done_ms FROM refunds;
DROP TABLE refunds;
ALTER TABLE refunds_new RENAME TO refunds;
UPDATE orders SET closed_ms = COALESCE((SELECT MAX(f.done_ms) FROM refunds f WHERE f.order_id = orders.id), created_ms) WHERE status = 'refunded';
CREATE UNIQUE INDEX refunds_once ON refunds (order_id, payment_key, reason) WHERE reason IN ('excess', 'late', 'cancelled');
CREATE UNIQUE INDEX refunds_gateway ON refunds (gateway_id) WHERE gateway_id IS NOT NULL;
CREATE INDEX refunds_order ON refunds (order_id, due_ms, id);
CREATE INDEX refunds_payment ON refunds (payment_key);
CREATE INDEX refunds_open ON refunds (due_ms, id) WHERE closed_ms IS NULL;

-- What shows that a refund was really handed over: one picture or PDF each.
CREATE TABLE refund_proofs (
    refund_id       TEXT PRIMARY KEY REFERENCES refunds (id),
    media_type      TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'application/pdf')),
    body            BYTEA NOT NULL,
    added_by        TEXT NOT NULL,
    added_ms        BIGINT NOT NULL
);

-- A shift is one person's till from opening to counting.
CREATE TABLE shifts (
    id              TEXT PRIMARY KEY,
    staff_id        TEXT NOT NULL REFERENCES staff (id),
    opened_ms       BIGINT NOT NULL,
    opening         BIGINT NOT NULL CHECK (opening >= 0),
    closed_ms       BIGINT,
    counted         BIGINT CHECK (counted >= 0),
    expected        BIGINT,
    note            TEXT NOT NULL DEFAULT '',
    CHECK ((closed_ms IS NULL) = (counted IS NULL)),
    CHECK ((closed_ms IS NULL) = (expected IS NULL))
);
CREATE UNIQUE INDEX shifts_one ON shifts (staff_id) WHERE closed_ms IS NULL;
CREATE INDEX shifts_staff ON shifts (staff_id, opened_ms);
CREATE INDEX shifts_opened ON shifts (opened_ms, id);

-- Money in and out of a till; the source makes every move happen once.
CREATE TABLE till (
    source          TEXT PRIMARY KEY,
    shift_id        TEXT NOT NULL REFERENCES shifts (id),
    kind            TEXT NOT NULL CHECK (kind IN ('sale', 'credit', 'refund')),
    amount          BIGINT NOT NULL CHECK (amount <> 0),
    order_id        TEXT REFERENCES orders (id),
    code            TEXT NOT NULL DEFAULT '',
    at_ms           BIGINT NOT NULL,
    CHECK ((amount < 0) = (kind = 'refund'))
);
CREATE INDEX till_shift ON till (shift_id, at_ms, source);

-- What the counter knows of a payment that it took itself. Until confirmed_ms
-- the money is a claim: a transfer nobody has seen, or credit.
CREATE TABLE counter_payments (
    key             TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    method          TEXT NOT NULL CHECK (method IN ('cash', 'transfer', 'credit')),
    amount          BIGINT NOT NULL CHECK (amount > 0),
    given           BIGINT NOT NULL,
    reference       TEXT NOT NULL DEFAULT '',
    staff_id        TEXT NOT NULL,
    staff_name      TEXT NOT NULL,
    shift_id        TEXT REFERENCES shifts (id),
    taken_ms        BIGINT NOT NULL,
    confirmed_ms    BIGINT,
    confirmed_by    TEXT NOT NULL DEFAULT '',
    CHECK (given >= amount),
    CHECK (method <> 'transfer' OR reference <> ''),
    CHECK (method <> 'cash' OR (shift_id IS NOT NULL AND confirmed_ms IS NOT NULL))
);
CREATE INDEX counter_order ON counter_payments (order_id);
CREATE INDEX counter_open ON counter_payments (taken_ms, key) WHERE confirmed_ms IS NULL;
CREATE UNIQUE INDEX counter_reference ON counter_payments (reference) WHERE reference <> '';

CREATE TABLE notes (
    id              TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    staff_name      TEXT NOT NULL,
    text            TEXT NOT NULL CHECK (text <> ''),
    at_ms           BIGINT NOT NULL
);
CREATE INDEX notes_order ON notes (order_id, at_ms, id);

CREATE TABLE saved_filters (
    id              TEXT PRIMARY KEY,
    staff_id        TEXT NOT NULL REFERENCES staff (id),
    name            TEXT NOT NULL CHECK (name <> ''),
    query           TEXT NOT NULL,
    UNIQUE (staff_id, name)
);

-- +goose Down
DROP TABLE saved_filters;
DROP TABLE notes;
DROP TABLE counter_payments;
DROP TABLE till;
DROP TABLE shifts;
DROP TABLE refund_proofs;
CREATE TABLE refunds_old (
    id              TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    payment_key     TEXT NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount > 0),
    reason          TEXT NOT NULL CHECK (reason IN ('excess', 'late', 'cancelled', 'staff')),
    due_ms          BIGINT NOT NULL,
    done_ms         BIGINT,
    UNIQUE (order_id, payment_key, reason)
);
INSERT INTO refunds_old SELECT id, order_id, payment_key, amount, reason, due_ms, done_ms FROM refunds
    WHERE order_id IS NOT NULL AND reason <> 'external' AND state <> 'rejected' ON CONFLICT DO NOTHING;
DROP TABLE refunds;
ALTER TABLE refunds_old RENAME TO refunds;
CREATE INDEX refunds_waiting ON refunds (due_ms, id) WHERE done_ms IS NULL;
DROP INDEX events_received;
DROP INDEX events_gateway;
DROP INDEX payments_key;
DROP INDEX orders_duplicate;
DROP INDEX orders_over;
DROP INDEX orders_under;
DROP INDEX orders_late;
DROP INDEX orders_sold;
DROP INDEX orders_seller;
DROP INDEX orders_phone;
DROP INDEX orders_plan;
DROP INDEX orders_channel;
DROP INDEX orders_site_status;
DROP INDEX orders_site;
ALTER TABLE orders DROP COLUMN phone_tail;
ALTER TABLE orders DROP COLUMN closed_ms;
ALTER TABLE orders DROP COLUMN forced_ms;
ALTER TABLE orders DROP COLUMN seller_id;
ALTER TABLE orders DROP COLUMN channel;
