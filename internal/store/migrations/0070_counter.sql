-- +goose Up
-- Cash that goes into or out of a till without a sale says why.
CREATE TABLE till_new (
    source          TEXT PRIMARY KEY,
    shift_id        TEXT NOT NULL REFERENCES shifts (id),
    kind            TEXT NOT NULL CHECK (kind IN ('sale', 'credit', 'refund', 'in', 'out')),
    amount          BIGINT NOT NULL CHECK (amount <> 0),
    order_id        TEXT REFERENCES orders (id),
    code            TEXT NOT NULL DEFAULT '',
    at_ms           BIGINT NOT NULL,
    reason          TEXT NOT NULL DEFAULT '',
    CHECK ((amount < 0) = (kind IN ('refund', 'out'))),
    CHECK ((reason <> '') = (kind IN ('in', 'out')))
);
INSERT INTO till_new (source, shift_id, kind, amount, order_id, code, at_ms) SELECT source, shift_id, kind, amount, order_id, code, at_ms FROM till;
DROP TABLE till;
ALTER TABLE till_new RENAME TO till;
CREATE INDEX till_shift ON till (shift_id, at_ms, source);

-- A customer may pay the printed QRIS of the shop, and one payment may be for several
-- vouchers: sale_key is the key of the first of them, '' where there is one. References are
-- told apart by reference_key alone, since the payments of one sale share theirs.
CREATE TABLE counter_payments_new (
    key             TEXT PRIMARY KEY,
    order_id        TEXT NOT NULL REFERENCES orders (id),
    method          TEXT NOT NULL CHECK (method IN ('cash', 'transfer', 'qris_static', 'credit')),
    amount          BIGINT NOT NULL CHECK (amount > 0),
    given           BIGINT NOT NULL,
    reference       TEXT NOT NULL DEFAULT '',
    staff_id        TEXT NOT NULL,
    staff_name      TEXT NOT NULL,
    shift_id        TEXT REFERENCES shifts (id),
    taken_ms        BIGINT NOT NULL,
    confirmed_ms    BIGINT,
    confirmed_by    TEXT NOT NULL DEFAULT '',
    written_ms      BIGINT,
    reference_key   TEXT,
    sale_key        TEXT NOT NULL DEFAULT '',
    CHECK (given >= amount),
    CHECK (method NOT IN ('transfer', 'qris_static') OR reference <> ''),
    CHECK (method <> 'cash' OR (shift_id IS NOT NULL AND confirmed_ms IS NOT NULL))
);
INSERT INTO counter_payments_new (key, order_id, method, amount, given, reference, staff_id, staff_name, shift_id, taken_ms, confirmed_ms, confirmed_by, written_ms, reference_key)
    SELECT key, order_id, method, amount, given, reference, staff_id, staff_name, shift_id, taken_ms, confirmed_ms, confirmed_by, written_ms, reference_key FROM counter_payments;
DROP TABLE counter_payments;
ALTER TABLE counter_payments_new RENAME TO counter_payments;
CREATE INDEX counter_order ON counter_payments (order_id);
CREATE INDEX counter_open ON counter_payments (taken_ms, key) WHERE confirmed_ms IS NULL;
CREATE INDEX counter_reference ON counter_payments (reference) WHERE reference <> '';
CREATE INDEX counter_shift ON counter_payments (shift_id) WHERE shift_id IS NOT NULL;
CREATE UNIQUE INDEX counter_reference_key ON counter_payments (reference_key);
CREATE INDEX counter_sale ON counter_payments (sale_key, taken_ms, key) WHERE sale_key <> '';

-- +goose Down
CREATE TABLE counter_payments_old (
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
    written_ms      BIGINT,
    reference_key   TEXT,
    CHECK (given >= amount),
    CHECK (method <> 'transfer' OR reference <> ''),
    CHECK (method <> 'cash' OR (shift_id IS NOT NULL AND confirmed_ms IS NOT NULL))
);
-- The program before knows of no shared reference: the later vouchers of a sale carry their key in it.
INSERT INTO counter_payments_old SELECT key, order_id, CASE WHEN method = 'qris_static' THEN 'transfer' ELSE method END, amount, given,
    CASE WHEN reference <> '' AND sale_key <> '' AND sale_key <> key THEN reference || ' ' || key ELSE reference END, staff_id, staff_name, shift_id, taken_ms, confirmed_ms, confirmed_by, written_ms, reference_key
    FROM counter_payments;
DROP TABLE counter_payments;
ALTER TABLE counter_payments_old RENAME TO counter_payments;
CREATE INDEX counter_order ON counter_payments (order_id);
CREATE INDEX counter_open ON counter_payments (taken_ms, key) WHERE confirmed_ms IS NULL;
CREATE UNIQUE INDEX counter_reference ON counter_payments (reference) WHERE reference <> '';
CREATE INDEX counter_shift ON counter_payments (shift_id) WHERE shift_id IS NOT NULL;
CREATE UNIQUE INDEX counter_reference_key ON counter_payments (reference_key);
CREATE TABLE till_old (
    source          TEXT PRIMARY KEY,
    shift_id        TEXT NOT NULL REFERENCES shifts (id),
    kind            TEXT NOT NULL CHECK (kind IN ('sale', 'credit', 'refund')),
    amount          BIGINT NOT NULL CHECK (amount <> 0),
    order_id        TEXT REFERENCES orders (id),
    code            TEXT NOT NULL DEFAULT '',
    at_ms           BIGINT NOT NULL,
    CHECK ((amount < 0) = (kind = 'refund'))
);
INSERT INTO till_old SELECT source, shift_id, kind, amount, order_id, code, at_ms FROM till WHERE kind NOT IN ('in', 'out');
DROP TABLE till;
ALTER TABLE till_old RENAME TO till;
CREATE INDEX till_shift ON till (shift_id, at_ms, source);
