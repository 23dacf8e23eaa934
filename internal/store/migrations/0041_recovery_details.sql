-- +goose Up
-- Why money that a message told of has no order, as a code.
ALTER TABLE events ADD COLUMN reason TEXT NOT NULL DEFAULT '';
UPDATE events SET reason = SUBSTR(note, 24) WHERE note LIKE 'money without an order recovery.%';
-- What a router's user tells of an act that the books of a restored shop have forgotten: of
-- which voucher, and what was added to it.
ALTER TABLE recovery_rows ADD COLUMN voucher_id TEXT NOT NULL DEFAULT '';
ALTER TABLE recovery_rows ADD COLUMN act TEXT NOT NULL DEFAULT '' CHECK (act IN ('', 'off', 'on', 'more', 'moved'));
ALTER TABLE recovery_rows ADD COLUMN more_validity_ms BIGINT NOT NULL DEFAULT 0 CHECK (more_validity_ms >= 0);
ALTER TABLE recovery_rows ADD COLUMN more_uptime_ms BIGINT NOT NULL DEFAULT 0 CHECK (more_uptime_ms >= 0);
ALTER TABLE recovery_rows ADD COLUMN more_data BIGINT NOT NULL DEFAULT 0 CHECK (more_data >= 0);

-- +goose Down
ALTER TABLE recovery_rows DROP COLUMN more_data;
ALTER TABLE recovery_rows DROP COLUMN more_uptime_ms;
ALTER TABLE recovery_rows DROP COLUMN more_validity_ms;
ALTER TABLE recovery_rows DROP COLUMN act;
ALTER TABLE recovery_rows DROP COLUMN voucher_id;
ALTER TABLE events DROP COLUMN reason;
