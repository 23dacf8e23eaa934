-- +goose Up
-- Where a plan's vouchers come from: '' makes one for each order, 'stock' takes
-- one that lies ready and makes one where there is none, 'stock_only' leaves an
-- order without one to a person.
ALTER TABLE plans ADD COLUMN delivery TEXT NOT NULL DEFAULT '' CHECK (delivery IN ('', 'stock', 'stock_only'));
-- Vouchers that lie ready, by router and batch, so that the next batch with one
-- is found in one step however many were sold before.
CREATE INDEX vouchers_ready ON vouchers (plan_id, router_id, batch_id, id) WHERE state = 'stock' AND made_ms IS NOT NULL AND outlet_id IS NULL AND printed_ms IS NULL;
-- The stock is counted from this index alone.
CREATE INDEX vouchers_stock ON vouchers (plan_id, outlet_id, made_ms, printed_ms) WHERE state = 'stock';
-- Lists of vouchers and batches go down one of these for each site and state.
CREATE INDEX vouchers_site ON vouchers (site_id, state, id);
DROP INDEX vouchers_outlet;
CREATE INDEX vouchers_outlet ON vouchers (outlet_id, state, id) WHERE outlet_id IS NOT NULL;
CREATE INDEX batches_site ON batches (site_id, id);
CREATE INDEX batches_running ON batches (id) WHERE state = 'running';

-- Single vouchers are switched off now, too, and their page says whether the
-- router knows. Those without a batch were off before they were written down.
UPDATE vouchers SET off_ms = ended_ms WHERE state = 'disabled' AND batch_id IS NULL AND off_ms IS NULL;

-- When the time and data of a refunded extension were taken back.
ALTER TABLE extensions ADD COLUMN taken_ms BIGINT;
-- When a router is known to have given a pass.
ALTER TABLE passes ADD COLUMN given_ms BIGINT;
-- Money that was counted and is known not to come.
ALTER TABLE payments ADD COLUMN written_ms BIGINT;
ALTER TABLE counter_payments ADD COLUMN written_ms BIGINT;

-- +goose Down
ALTER TABLE counter_payments DROP COLUMN written_ms;
ALTER TABLE payments DROP COLUMN written_ms;
ALTER TABLE passes DROP COLUMN given_ms;
ALTER TABLE extensions DROP COLUMN taken_ms;
DROP INDEX batches_running;
DROP INDEX batches_site;
DROP INDEX vouchers_outlet;
CREATE INDEX vouchers_outlet ON vouchers (outlet_id, state) WHERE outlet_id IS NOT NULL;
DROP INDEX vouchers_site;
DROP INDEX vouchers_stock;
DROP INDEX vouchers_ready;
ALTER TABLE plans DROP COLUMN delivery;
