-- +goose Up
-- What customers complained of, as staff chose it when they gave money back or added to a
-- voucher for nothing.
CREATE TABLE complaints (
    id              TEXT PRIMARY KEY,
    site_id         TEXT NOT NULL DEFAULT '',
    order_id        TEXT NOT NULL DEFAULT '',
    reason          TEXT NOT NULL CHECK (reason IN ('slow', 'offline', 'login', 'wrong', 'other')),
    act             TEXT NOT NULL CHECK (act IN ('refund', 'extend')),
    staff_name      TEXT NOT NULL,
    at_ms           BIGINT NOT NULL
);
CREATE INDEX complaints_at ON complaints (at_ms, site_id, reason);
-- +goose Down
DROP TABLE complaints;
