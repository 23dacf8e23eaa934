-- +goose Up
-- The shift whose till pays out the cash of a refund once its voucher is off, '' where that is
-- another step.
ALTER TABLE refunds ADD COLUMN payout_shift TEXT NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE refunds DROP COLUMN payout_shift;
