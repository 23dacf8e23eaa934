-- +goose Up
-- The normal form of a transfer's reference: two ways of writing one reference
-- are one. NULL until the program has filled it. Of references that were taken twice
-- before, the later ones carry "/" and their key behind the normal form.
ALTER TABLE counter_payments ADD COLUMN reference_key TEXT;
CREATE UNIQUE INDEX counter_reference_key ON counter_payments (reference_key);
-- +goose Down
DROP INDEX counter_reference_key;
ALTER TABLE counter_payments DROP COLUMN reference_key;
