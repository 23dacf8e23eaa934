-- +goose Up
-- A keyed digest of the network address that ordered, for as long as the order
-- may be paid: what one client costs the gateway is counted by it.
ALTER TABLE orders ADD COLUMN client TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_client ON orders (client, expires_ms) WHERE status = 'pending' AND client <> '';
-- Since when the gateway may know a charge of this attempt. NULL: it was never
-- asked for one, or certainly made none, so that there is nothing to look up.
ALTER TABLE attempts ADD COLUMN asked_ms BIGINT;
-- When a page of the order was last open while the attempt had no charge.
ALTER TABLE attempts ADD COLUMN seen_ms BIGINT;
UPDATE attempts SET asked_ms = created_ms WHERE gateway_id IS NULL AND busy_until_ms > 0;

-- +goose Down
ALTER TABLE attempts DROP COLUMN seen_ms;
ALTER TABLE attempts DROP COLUMN asked_ms;
DROP INDEX orders_client;
ALTER TABLE orders DROP COLUMN client;
