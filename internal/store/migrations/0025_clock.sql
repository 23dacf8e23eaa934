-- +goose Up
-- Rows whose instants a clock wrote which outside sources said was wrong by so
-- much: they are put right once it agrees again.
CREATE TABLE clock_errors (
    kind            TEXT NOT NULL CHECK (kind IN ('order', 'sold', 'login')),
    id              TEXT NOT NULL,
    off_ms          BIGINT NOT NULL,
    -- The process that wrote it, and its clock less the time that had passed
    -- there: the same later on says that not the clock was wrong.
    run             TEXT NOT NULL,
    base_ms         BIGINT NOT NULL,
    noted_ms        BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
-- Vouchers that ended and have time left are found in one step.
CREATE INDEX vouchers_over ON vouchers (valid_until_ms, id) WHERE state = 'expired';

-- +goose Down
DROP INDEX vouchers_over;
DROP TABLE clock_errors;
