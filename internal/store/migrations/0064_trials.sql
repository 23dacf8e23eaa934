-- +goose Up
-- Sales that were tried out: a user of a plan that a router was given, showed and lost again. No
-- order, voucher or money belongs to one.
CREATE TABLE trials (
    id              TEXT PRIMARY KEY,
    nonce           TEXT NOT NULL UNIQUE,
    router_id       TEXT NOT NULL REFERENCES routers (id),
    plan_id         TEXT NOT NULL REFERENCES plans (id),
    username        TEXT NOT NULL UNIQUE,
    asked_by        TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    seen_ms         BIGINT,
    removed_ms      BIGINT,
    failure         TEXT NOT NULL DEFAULT ''
);
CREATE INDEX trials_of ON trials (router_id, id);

-- +goose Down
DROP TABLE trials;
