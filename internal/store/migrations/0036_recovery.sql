-- +goose Up
-- What happened after the backup that a shop was restored from, as it was found at the
-- gateway and on routers, and what became of it. since_ms names the restore.
CREATE TABLE recovery_rows (
    since_ms        BIGINT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'user')),
    key             TEXT NOT NULL CHECK (key <> ''),
    state           TEXT NOT NULL CHECK (state IN ('open', 'known', 'matched', 'remade', 'unmatched', 'unconfirmed', 'adopted')),
    charge_id       TEXT NOT NULL DEFAULT '',
    product_id      TEXT NOT NULL DEFAULT '',
    reference       TEXT NOT NULL DEFAULT '',
    router_id       TEXT NOT NULL DEFAULT '',
    order_id        TEXT NOT NULL DEFAULT '',
    amount          BIGINT NOT NULL DEFAULT 0 CHECK (amount >= 0),
    reason          TEXT NOT NULL DEFAULT '',
    tries           BIGINT NOT NULL DEFAULT 0,
    made_ms         BIGINT NOT NULL,
    PRIMARY KEY (since_ms, kind, key)
);
CREATE INDEX recovery_rows_state ON recovery_rows (since_ms, state, kind, made_ms, key);
-- Numbers of receipts that may have been given out after a backup was taken and are not
-- given out again.
CREATE TABLE receipt_skips (
    year            BIGINT NOT NULL,
    first_no        BIGINT NOT NULL CHECK (first_no > 0),
    last_no         BIGINT NOT NULL CHECK (last_no >= first_no),
    backup          TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    PRIMARY KEY (year, first_no)
);

-- +goose Down
DROP TABLE receipt_skips;
DROP TABLE recovery_rows;
