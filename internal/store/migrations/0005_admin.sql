-- +goose Up
-- What the panel knows of a person: language, sites (comma list, empty means
-- all), the second factor's sealed secret and the last time step it was used in.
ALTER TABLE staff ADD COLUMN lang TEXT NOT NULL DEFAULT 'id';
ALTER TABLE staff ADD COLUMN sites TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN totp_sealed TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN password_ms BIGINT;

-- fresh_ms is when the password or second factor was last given, second_ms
-- when the second factor was.
ALTER TABLE sessions ADD COLUMN fresh_ms BIGINT;
ALTER TABLE sessions ADD COLUMN second_ms BIGINT;
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE sessions DROP COLUMN agent;
ALTER TABLE sessions DROP COLUMN second_ms;
ALTER TABLE sessions DROP COLUMN fresh_ms;
ALTER TABLE staff DROP COLUMN password_ms;
ALTER TABLE staff DROP COLUMN totp_step;
ALTER TABLE staff DROP COLUMN totp_sealed;
ALTER TABLE staff DROP COLUMN sites;
ALTER TABLE staff DROP COLUMN lang;
