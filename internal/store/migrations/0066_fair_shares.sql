-- +goose Up
-- What orders under promotions for first purchases lock, since a customer has one first
-- purchase, and what compensations lock, since one voucher has time for an outage once.
INSERT INTO settings (key, value, updated_ms) VALUES ('first_purchase_lock', '""', 0);
INSERT INTO settings (key, value, updated_ms) VALUES ('compensation_lock', '""', 0);
CREATE INDEX compensation_vouchers_voucher ON compensation_vouchers (voucher_id);

-- +goose Down
DROP INDEX compensation_vouchers_voucher;
DELETE FROM settings WHERE key IN ('first_purchase_lock', 'compensation_lock');
