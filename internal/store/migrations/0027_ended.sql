-- +goose Up
-- SQLite has no statistics and prefers an index on state alone to one that is
-- only for one state: it would read every voucher that ever ended.
DROP INDEX vouchers_over;
CREATE INDEX vouchers_over ON vouchers (state, valid_until_ms, id) WHERE state = 'expired';

-- +goose Down
DROP INDEX vouchers_over;
CREATE INDEX vouchers_over ON vouchers (valid_until_ms, id) WHERE state = 'expired';
