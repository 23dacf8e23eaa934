-- +goose Up
-- The file of the database gives nothing away: tokens of links are kept as hashes, phone
-- numbers and passwords of vouchers are sealed in their columns. The program seals what
-- is there after this step. A program of an older version finds no token any more and
-- sells nothing meanwhile.
ALTER TABLE orders RENAME COLUMN token TO token_hash;
-- The token of an order from before tokens followed from codes, sealed; '' for all
-- others; NULL while the row is as an older program wrote it.
ALTER TABLE orders ADD COLUMN token_sealed TEXT;
-- Keyed digests: of a phone number and, in phone_tail from now on, of its last digits.
ALTER TABLE orders ADD COLUMN phone_key TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_phone_key ON orders (phone_key, created_ms, id) WHERE phone_key <> '';
ALTER TABLE passes RENAME COLUMN phone TO phone_key;
-- Walks over the vouchers of a router go by id: user names may be digests.
DROP INDEX vouchers_waiting;
CREATE INDEX vouchers_waiting ON vouchers (router_id, state, id);

-- The audit trail is signed with a key of each part of it, which is kept sealed.
CREATE TABLE audit_keys (
    from_seq        BIGINT PRIMARY KEY CHECK (from_seq > 0),
    key_id          TEXT NOT NULL CHECK (key_id <> ''),
    key_sealed      TEXT NOT NULL CHECK (key_sealed <> '')
);
ALTER TABLE audit_head ADD COLUMN key_id TEXT NOT NULL DEFAULT '';

-- Which keys the running processes know: none is put into force that one of them lacks.
CREATE TABLE processes (
    id              TEXT PRIMARY KEY,
    key_ids         TEXT NOT NULL,
    seen_ms         BIGINT NOT NULL
);

-- +goose Down
DELETE FROM settings WHERE key = 'sealed';
DROP TABLE processes;
ALTER TABLE audit_head DROP COLUMN key_id;
DROP TABLE audit_keys;
DROP INDEX vouchers_waiting;
CREATE INDEX vouchers_waiting ON vouchers (router_id, state, username);
ALTER TABLE passes RENAME COLUMN phone_key TO phone;
DROP INDEX orders_phone_key;
ALTER TABLE orders DROP COLUMN phone_key;
ALTER TABLE orders DROP COLUMN token_sealed;
ALTER TABLE orders RENAME COLUMN token_hash TO token;
