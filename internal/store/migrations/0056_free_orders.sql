-- +goose Up
-- An order may cost nothing. SQLite changes no CHECK of a column, so the column is made again.
DROP INDEX orders_sold;
ALTER TABLE orders RENAME COLUMN total TO total_before;
ALTER TABLE orders ADD COLUMN total BIGINT NOT NULL DEFAULT 0 CHECK (total >= 0);
UPDATE orders SET total = total_before;
ALTER TABLE orders DROP COLUMN total_before;
CREATE INDEX orders_sold ON orders (paid_ms, site_id, channel, total) WHERE paid_ms IS NOT NULL;

-- +goose Down
DROP INDEX orders_sold;
ALTER TABLE orders RENAME COLUMN total TO total_before;
ALTER TABLE orders ADD COLUMN total BIGINT NOT NULL DEFAULT 1 CHECK (total > 0);
UPDATE orders SET total = total_before;
ALTER TABLE orders DROP COLUMN total_before;
CREATE INDEX orders_sold ON orders (paid_ms, site_id, channel, total) WHERE paid_ms IS NOT NULL;
