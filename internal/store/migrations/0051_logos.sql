-- +goose Up
-- Logos that the brand has or had, by a name that their content gives; content in base64.
CREATE TABLE logos (
    name            TEXT PRIMARY KEY,
    type            TEXT NOT NULL,
    content         TEXT NOT NULL
);
-- What the last import said of each thing: its fields as JSON, by "plan:ID", "site:ID", "router:ID" or
-- "brand". Of what was there before imports were remembered nothing is known.
CREATE TABLE imported (
    subject         TEXT PRIMARY KEY,
    fields          TEXT NOT NULL
);
INSERT INTO imported (subject, fields) SELECT 'plan:' || id, '{}' FROM plans;
INSERT INTO imported (subject, fields) SELECT 'site:' || id, '{}' FROM sites;
INSERT INTO imported (subject, fields) SELECT 'router:' || id, '{}' FROM routers;

INSERT INTO imported (subject, fields) SELECT 'brand', '{}' FROM settings WHERE key = 'brand';

-- +goose Down
DROP TABLE imported;
DROP TABLE logos;
