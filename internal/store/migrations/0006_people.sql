-- +goose Up
-- must_change: somebody else chose the password. notices: what happened to the
-- account since its owner last looked, shown at the next sign-in.
ALTER TABLE staff ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE staff ADD COLUMN notices TEXT NOT NULL DEFAULT '';

CREATE TABLE recovery_codes (
    staff_id        TEXT NOT NULL REFERENCES staff (id),
    code_hash       TEXT NOT NULL,
    used_ms         BIGINT,
    PRIMARY KEY (staff_id, code_hash)
);

CREATE TABLE passkeys (
    id              TEXT PRIMARY KEY,
    staff_id        TEXT NOT NULL REFERENCES staff (id),
    name            TEXT NOT NULL CHECK (name <> ''),
    credential      TEXT NOT NULL,
    created_ms      BIGINT NOT NULL,
    used_ms         BIGINT
);
CREATE INDEX passkeys_staff ON passkeys (staff_id, created_ms);

-- A passkey ceremony between its question and its answer; gone when answered.
CREATE TABLE ceremonies (
    id              TEXT PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('register', 'sign_in', 'prove')),
    staff_id        TEXT NOT NULL DEFAULT '',
    data            TEXT NOT NULL,
    expires_ms      BIGINT NOT NULL
);
CREATE INDEX ceremonies_expiry ON ceremonies (expires_ms);

-- One-time links; staff_id is empty for the one that makes the first admin.
CREATE TABLE invites (
    token_hash      TEXT PRIMARY KEY,
    staff_id        TEXT NOT NULL DEFAULT '',
    created_ms      BIGINT NOT NULL,
    expires_ms      BIGINT NOT NULL
);
CREATE INDEX invites_staff ON invites (staff_id);
CREATE INDEX invites_expiry ON invites (expires_ms);

CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_at ON audit (at_ms, seq);

-- +goose Down
DROP INDEX audit_at;
DROP INDEX audit_action;
DROP INDEX audit_actor;
DROP TABLE invites;
DROP TABLE ceremonies;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
ALTER TABLE staff DROP COLUMN notices;
ALTER TABLE staff DROP COLUMN must_change;
