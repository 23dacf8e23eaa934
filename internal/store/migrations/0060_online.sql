-- +goose Up
-- Which devices were online on a router when it was last looked at, as one sealed list: it is
-- written and read as a whole, and replaced at the next look.
CREATE TABLE online_sessions (
    router_id       TEXT PRIMARY KEY REFERENCES routers (id),
    at_ms           BIGINT NOT NULL,
    devices         BIGINT NOT NULL CHECK (devices >= 0),
    body            TEXT NOT NULL
);

-- +goose Down
DROP TABLE online_sessions;
