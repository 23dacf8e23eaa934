-- +goose Up
-- A form that was posted without a recent proof of identity, sealed, until the proof is there.
CREATE TABLE kept_forms (
    id              TEXT PRIMARY KEY,
    staff_id        TEXT NOT NULL REFERENCES staff (id),
    body_sealed     TEXT NOT NULL,
    expires_ms      BIGINT NOT NULL
);
CREATE INDEX kept_forms_staff ON kept_forms (staff_id, expires_ms, id);
CREATE INDEX kept_forms_expiry ON kept_forms (expires_ms);
-- +goose Down
DROP TABLE kept_forms;
