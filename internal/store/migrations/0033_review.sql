-- +goose Up
-- When a router's users were last compared with our books, as a whole, and what was found
-- the last time that something was not as it should be: counts by kind.
CREATE TABLE user_reviews (
    router_id       TEXT PRIMARY KEY REFERENCES routers (id),
    at_ms           BIGINT NOT NULL,
    users           BIGINT NOT NULL,
    told_ms         BIGINT,
    found           TEXT NOT NULL DEFAULT '',
    corrected       TEXT NOT NULL DEFAULT ''
);
-- What is not corrected: it is left to a person, or the router refuses.
CREATE TABLE user_differences (
    voucher_id      TEXT PRIMARY KEY REFERENCES vouchers (id),
    router_id       TEXT NOT NULL,
    kinds           TEXT NOT NULL,
    why             TEXT NOT NULL,
    since_ms        BIGINT NOT NULL
);
CREATE INDEX user_differences_router ON user_differences (router_id, voucher_id);
-- One alert about each router takes the place of one about each voucher or batch.
UPDATE alerts SET closed_ms = opened_ms WHERE kind IN ('user_missing', 'stock_missing') AND closed_ms IS NULL;

-- +goose Down
DROP TABLE user_differences;
DROP TABLE user_reviews;
