-- +goose Up
-- Receipts are numbered without gaps within a year. The row of the year is the
-- counter: it is raised in the transaction that makes the order paid, so a
-- number that was rolled back is given to the next.
CREATE TABLE receipt_years (
    year            BIGINT PRIMARY KEY CHECK (year BETWEEN 2000 AND 9999),
    last            BIGINT NOT NULL CHECK (last > 0)
);
CREATE TABLE receipts (
    order_id        TEXT PRIMARY KEY REFERENCES orders (id),
    year            BIGINT NOT NULL REFERENCES receipt_years (year),
    no              BIGINT NOT NULL CHECK (no > 0),
    -- What the price held of tax when the receipt was issued.
    tax_percent     BIGINT NOT NULL DEFAULT 0 CHECK (tax_percent BETWEEN 0 AND 100),
    tax             BIGINT NOT NULL DEFAULT 0 CHECK (tax >= 0),
    issued_ms       BIGINT NOT NULL,
    UNIQUE (year, no)
);

-- Addresses are printed on posters: one that a site ever had stays its own.
CREATE TABLE slugs (
    slug            TEXT PRIMARY KEY,
    site_id         TEXT NOT NULL REFERENCES sites (id)
);
CREATE INDEX slugs_site ON slugs (site_id);
INSERT INTO slugs (slug, site_id) SELECT slug, id FROM sites;

-- +goose Down
DROP TABLE slugs;
DROP TABLE receipts;
DROP TABLE receipt_years;
