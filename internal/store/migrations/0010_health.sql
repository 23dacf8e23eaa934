-- +goose Up
-- A router that was taken away stays, because orders point at it, and can be
-- brought back.
ALTER TABLE routers ADD COLUMN deleted_ms BIGINT;

-- How a router did in one quarter of an hour. cpu and what follows it are one
-- sample of that time, NULL while there is none; rates are bits per second.
CREATE TABLE router_slots (
    router_id       TEXT NOT NULL REFERENCES routers (id),
    slot_ms         BIGINT NOT NULL,
    checks          BIGINT NOT NULL DEFAULT 0 CHECK (checks >= 0),
    answers         BIGINT NOT NULL DEFAULT 0 CHECK (answers >= 0 AND answers <= checks),
    latency_sum_ms  BIGINT NOT NULL DEFAULT 0,
    latency_max_ms  BIGINT NOT NULL DEFAULT 0,
    cpu             BIGINT,
    memory          BIGINT,
    active          BIGINT,
    rx              BIGINT,
    tx              BIGINT,
    PRIMARY KEY (router_id, slot_ms)
);
CREATE INDEX router_slots_old ON router_slots (slot_ms);

-- One row for each time that a router did not do its part.
CREATE TABLE router_outages (
    router_id       TEXT NOT NULL REFERENCES routers (id),
    began_ms        BIGINT NOT NULL,
    ended_ms        BIGINT,
    failure         TEXT NOT NULL CHECK (failure <> ''),
    PRIMARY KEY (router_id, began_ms)
);
CREATE INDEX router_outages_old ON router_outages (began_ms);

-- +goose Down
DROP TABLE router_outages;
DROP TABLE router_slots;
ALTER TABLE routers DROP COLUMN deleted_ms;
