-- +goose Up
-- Time that is added to all vouchers of a site that were running in an outage, and to which
-- of them: each once, with what became of it ('' while it waits).
CREATE TABLE compensations (
    id              TEXT PRIMARY KEY,
    nonce           TEXT NOT NULL UNIQUE,
    site_id         TEXT NOT NULL REFERENCES sites (id),
    router_id       TEXT NOT NULL DEFAULT '',
    began_ms        BIGINT NOT NULL,
    ended_ms        BIGINT NOT NULL,
    more_ms         BIGINT NOT NULL CHECK (more_ms > 0),
    reason          TEXT NOT NULL,
    asked_by        TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    done_ms         BIGINT,
    CHECK (ended_ms > began_ms)
);
CREATE INDEX compensations_site ON compensations (site_id, id);
CREATE TABLE compensation_vouchers (
    compensation_id TEXT NOT NULL REFERENCES compensations (id),
    voucher_id      TEXT NOT NULL REFERENCES vouchers (id),
    outcome         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (compensation_id, voucher_id)
);
CREATE INDEX compensation_waiting ON compensation_vouchers (compensation_id, voucher_id) WHERE outcome = '';

-- +goose Down
DROP TABLE compensation_vouchers;
DROP TABLE compensations;
