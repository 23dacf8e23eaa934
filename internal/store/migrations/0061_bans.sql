-- +goose Up
-- A device that a site lets in no more, on none of its routers: until_ms NULL is for ever,
-- lifted_ms is when staff lifted it, or its time was over.
CREATE TABLE bans (
    id              TEXT PRIMARY KEY,
    site_id         TEXT NOT NULL REFERENCES sites (id),
    mac             TEXT NOT NULL,
    device          TEXT NOT NULL DEFAULT '',
    reason          TEXT NOT NULL,
    banned_by       TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    until_ms        BIGINT,
    lifted_ms       BIGINT,
    lifted_by       TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX bans_holding ON bans (site_id, mac) WHERE lifted_ms IS NULL;
CREATE INDEX bans_site ON bans (site_id, id);

-- Which routers hold rows of bans, and since when as the books want it.
CREATE TABLE ban_routers (
    router_id       TEXT PRIMARY KEY REFERENCES routers (id),
    at_ms           BIGINT NOT NULL,
    held            BIGINT NOT NULL CHECK (held >= 0)
);

-- +goose Down
DROP TABLE ban_routers;
DROP TABLE bans;
