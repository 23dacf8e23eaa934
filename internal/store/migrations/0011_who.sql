-- +goose Up
-- Who acted, by the account: a name can be changed, and be somebody else's
-- tomorrow. Rows from before have neither and keep their hashes.
ALTER TABLE audit ADD COLUMN staff_id TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN role TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_staff ON audit (staff_id, seq);
ALTER TABLE prints ADD COLUMN staff_id TEXT NOT NULL DEFAULT '';

-- Whose site an alert is about, '' for none; who has seen it and what they
-- wrote.
ALTER TABLE alerts ADD COLUMN site_id TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN acked_ms BIGINT;
ALTER TABLE alerts ADD COLUMN acked_id TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN acked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX alerts_now ON alerts (opened_ms, id) WHERE closed_ms IS NULL;
CREATE INDEX alerts_now_site ON alerts (site_id, opened_ms, id) WHERE closed_ms IS NULL;
CREATE INDEX alerts_past ON alerts (opened_ms, id) WHERE closed_ms IS NOT NULL;
CREATE INDEX alerts_past_site ON alerts (site_id, opened_ms, id) WHERE closed_ms IS NOT NULL;
UPDATE alerts SET site_id = COALESCE(CASE WHEN kind = 'stock_low' THEN (SELECT p.site_id FROM plans p WHERE p.id = alerts.subject) END,
    (SELECT o.site_id FROM orders o WHERE o.id = alerts.subject), (SELECT r.site_id FROM routers r WHERE r.id = alerts.subject),
    (SELECT b.site_id FROM batches b WHERE b.id = alerts.subject), '');

-- An outlet sells for one site, '' for all of them.
ALTER TABLE outlets ADD COLUMN site_id TEXT NOT NULL DEFAULT '';
UPDATE outlets SET site_id = COALESCE((SELECT MIN(v.site_id) FROM vouchers v WHERE v.outlet_id = outlets.id HAVING COUNT(DISTINCT v.site_id) = 1), '');

-- Sign-ins that failed within the window in which they are counted; key is an
-- account id or a network address.
CREATE TABLE failed_sign_ins (
    key             TEXT NOT NULL,
    at_ms           BIGINT NOT NULL,
    expires_ms      BIGINT NOT NULL
);
CREATE INDEX failed_sign_ins_key ON failed_sign_ins (key, at_ms);
CREATE INDEX failed_sign_ins_expiry ON failed_sign_ins (expires_ms);

-- +goose Down
DROP TABLE failed_sign_ins;
ALTER TABLE outlets DROP COLUMN site_id;
DROP INDEX alerts_past_site;
DROP INDEX alerts_past;
DROP INDEX alerts_now_site;
DROP INDEX alerts_now;
ALTER TABLE alerts DROP COLUMN note;
ALTER TABLE alerts DROP COLUMN acked_by;
ALTER TABLE alerts DROP COLUMN acked_id;
ALTER TABLE alerts DROP COLUMN acked_ms;
ALTER TABLE alerts DROP COLUMN site_id;
ALTER TABLE prints DROP COLUMN staff_id;
DROP INDEX audit_staff;
ALTER TABLE audit DROP COLUMN role;
ALTER TABLE audit DROP COLUMN staff_id;
