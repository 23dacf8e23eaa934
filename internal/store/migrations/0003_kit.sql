-- +goose Up
-- A kit is what setup did to one router, so that it can be taken back. The
-- plan holds old settings and old credentials and is sealed.
CREATE TABLE kits (
    id              TEXT PRIMARY KEY,
    router_id       TEXT NOT NULL REFERENCES routers (id),
    state           TEXT NOT NULL CHECK (state IN ('applying', 'applied', 'undoing', 'undone')),
    plan_sealed     TEXT NOT NULL CHECK (plan_sealed <> ''),
    created_ms      BIGINT NOT NULL,
    finished_ms     BIGINT,
    CHECK ((finished_ms IS NULL) = (state IN ('applying', 'undoing')))
);
CREATE INDEX kits_router ON kits (router_id, id);
-- One at a time: two plans made at once would undo each other's work.
CREATE UNIQUE INDEX kits_open ON kits (router_id) WHERE state IN ('applying', 'undoing');

CREATE TABLE kit_steps (
    kit_id          TEXT NOT NULL REFERENCES kits (id),
    no              BIGINT NOT NULL CHECK (no >= 0),
    name            TEXT NOT NULL CHECK (name <> ''),
    state           TEXT NOT NULL CHECK (state IN ('planned', 'begun', 'done', 'undone', 'gone', 'kept', 'in_use')),
    at_ms           BIGINT NOT NULL,
    PRIMARY KEY (kit_id, no)
);

-- +goose Down
DROP TABLE kit_steps;
DROP TABLE kits;
