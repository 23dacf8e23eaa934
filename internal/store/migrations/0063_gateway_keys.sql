-- +goose Up
-- The keys of a payment gateway that were typed in the panel, sealed. Processes notice by the id
-- that there are others.
CREATE TABLE gateway_keys (
    gateway         TEXT PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    live            BOOLEAN NOT NULL,
    key_sealed      TEXT NOT NULL CHECK (key_sealed <> ''),
    tokens_sealed   TEXT NOT NULL CHECK (tokens_sealed <> ''),
    saved_by        TEXT NOT NULL,
    saved_ms        BIGINT NOT NULL
);

-- +goose Down
DROP TABLE gateway_keys;
