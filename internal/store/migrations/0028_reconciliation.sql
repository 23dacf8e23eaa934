-- +goose Up
-- What the gateway listed: its statement of the account, line by line, as it was last read.
CREATE TABLE gateway_transactions (
    gateway         TEXT NOT NULL,
    id              TEXT NOT NULL,
    type            TEXT NOT NULL CHECK (type IN ('payment', 'refund', 'chargeback', 'other')),
    word            TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('pending', 'done', 'failed', 'unrecognised')),
    product_id      TEXT NOT NULL,
    charge_id       TEXT NOT NULL,
    reference       TEXT NOT NULL,
    method          TEXT NOT NULL,
    incoming        BOOLEAN NOT NULL,
    amount          BIGINT NOT NULL CHECK (amount >= 0),
    currency        TEXT NOT NULL,
    fee             BIGINT NOT NULL,
    fee_final       BOOLEAN NOT NULL,
    settlement      TEXT NOT NULL CHECK (settlement IN ('', 'pending', 'settled')),
    settles_ms      BIGINT,
    created_ms      BIGINT NOT NULL,
    updated_ms      BIGINT,
    read_ms         BIGINT NOT NULL,
    PRIMARY KEY (gateway, id)
);
CREATE INDEX gateway_transactions_created ON gateway_transactions (created_ms);
CREATE INDEX gateway_transactions_charge ON gateway_transactions (charge_id) WHERE charge_id <> '';
CREATE INDEX gateway_transactions_reference ON gateway_transactions (reference) WHERE reference <> '';
CREATE INDEX gateway_transactions_product ON gateway_transactions (product_id) WHERE product_id <> '';

-- Days that were compared, or are to be. done_ms is of the last time that it was done.
CREATE TABLE reconciliation_days (
    day             TEXT PRIMARY KEY CHECK (LENGTH(day) = 10),
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'reading', 'read', 'done')),
    asked_ms        BIGINT NOT NULL,
    asked_by        TEXT NOT NULL,
    next_page       TEXT NOT NULL DEFAULT '',
    done_ms         BIGINT,
    failure         TEXT NOT NULL DEFAULT '',
    failed_ms       BIGINT,
    CHECK (state <> 'done' OR done_ms IS NOT NULL)
);

-- A month that is closed keeps its rows and its figures as they were.
CREATE TABLE reconciliation_months (
    month           TEXT PRIMARY KEY CHECK (LENGTH(month) = 7),
    closed_ms       BIGINT,
    closed_by       TEXT NOT NULL DEFAULT '',
    why             TEXT NOT NULL DEFAULT '',
    figures         TEXT NOT NULL DEFAULT '',
    CHECK ((closed_ms IS NULL) = (figures = ''))
);

-- One thing that the gateway, the books or a router knows, or several of them. day is when
-- its money counts; month is the one that it is kept in: a later one, with the difference
-- alone, where its own month was closed.
CREATE TABLE reconciliation_rows (
    id              TEXT PRIMARY KEY,
    month           TEXT NOT NULL REFERENCES reconciliation_months (month),
    subject         TEXT NOT NULL CHECK (subject <> ''),
    kind            TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'chargeback', 'other', 'access')),
    state           TEXT NOT NULL CHECK (state <> ''),
    day             TEXT NOT NULL CHECK (LENGTH(day) = 10),
    at_ms           BIGINT NOT NULL,
    gateway         TEXT NOT NULL,
    key             TEXT NOT NULL,
    order_id        TEXT REFERENCES orders (id),
    refund_id       TEXT NOT NULL,
    voucher_id      TEXT NOT NULL,
    router_id       TEXT NOT NULL,
    site_id         TEXT NOT NULL,
    reference       TEXT NOT NULL,
    method          TEXT NOT NULL,
    lines           TEXT NOT NULL,
    there           BIGINT NOT NULL,
    here            BIGINT NOT NULL,
    fee             BIGINT NOT NULL,
    fee_expected    BIGINT NOT NULL,
    fee_final       BOOLEAN NOT NULL,
    settlement      TEXT NOT NULL CHECK (settlement IN ('', 'pending', 'settled')),
    settles_ms      BIGINT,
    note            TEXT NOT NULL,
    awaits          BOOLEAN NOT NULL,
    found_ms        BIGINT NOT NULL,
    changed_ms      BIGINT NOT NULL,
    -- Since when it needs a person, NULL while it needs none; who looks into it; and how
    -- a person closed it, which holds until what is compared changes.
    opened_ms       BIGINT,
    owner_id        TEXT REFERENCES staff (id),
    closed_ms       BIGINT,
    closed_by       TEXT NOT NULL DEFAULT '',
    why             TEXT NOT NULL DEFAULT '',
    UNIQUE (subject, month),
    CHECK (closed_ms IS NULL OR (opened_ms IS NOT NULL AND why <> ''))
);
CREATE INDEX reconciliation_rows_day ON reconciliation_rows (day, id);
CREATE INDEX reconciliation_rows_month ON reconciliation_rows (month, id);
CREATE INDEX reconciliation_rows_open ON reconciliation_rows (opened_ms, id) WHERE opened_ms IS NOT NULL AND closed_ms IS NULL;
CREATE INDEX reconciliation_rows_awaiting ON reconciliation_rows (day) WHERE awaits;
CREATE TABLE reconciliation_notes (
    id              TEXT PRIMARY KEY,
    row_id          TEXT NOT NULL REFERENCES reconciliation_rows (id),
    staff_name      TEXT NOT NULL,
    text            TEXT NOT NULL CHECK (text <> ''),
    at_ms           BIGINT NOT NULL
);
CREATE INDEX reconciliation_notes_row ON reconciliation_notes (row_id, at_ms, id);

-- +goose Down
DROP TABLE reconciliation_notes;
DROP TABLE reconciliation_rows;
DROP TABLE reconciliation_months;
DROP TABLE reconciliation_days;
DROP TABLE gateway_transactions;
