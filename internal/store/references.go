package store

import (
	"context"
	"fmt"

	"gerai/internal/fault"
	"gerai/internal/typed"
)

var (
	sqlByReference    = request(counterQuery + `WHERE c.reference_key = $1`)
	sqlUnkeyed        = request(counterQuery + `WHERE c.reference <> '' AND c.reference_key IS NULL ORDER BY c.taken_ms, c.key LIMIT 500`)
	sqlKeyReference   = request(`UPDATE counter_payments SET reference_key = $2 WHERE key = $1 AND reference_key IS NULL`)
	sqlReferenceTaken = request(`SELECT COUNT(*) FROM counter_payments WHERE reference_key = $1`)
)

// CounterByReference finds the payment that has a reference, however it was
// written.
func (r reads) CounterByReference(ctx context.Context, reference string) (c CounterPayment, found bool, err error) {
	c, err = queryRow(ctx, r.q, scanCounter, "payment.not_found", sqlByReference, typed.Reference(reference))
	if fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// UnkeyedReferences lists payments from before references had a normal form, the
// oldest first, at most 500.
func (r reads) UnkeyedReferences(ctx context.Context) ([]CounterPayment, error) {
	return queryAll(ctx, r.q, scanCounter, sqlUnkeyed)
}

// KeyReference gives a payment the normal form of its reference. doubled: an
// earlier payment has it already, and both stay.
func (t *Tx) KeyReference(ctx context.Context, c CounterPayment) (doubled bool, err error) {
	key := typed.Reference(c.Reference)
	n, err := queryRow(ctx, t.q, scanInt, "payment.not_found", sqlReferenceTaken, key)
	if err != nil {
		return false, fmt.Errorf("key reference of %s: %w", c.Key, err)
	}
	if doubled = n > 0; doubled || key == "" {
		key += "/" + c.Key
	}
	if _, err := t.touched(ctx, sqlKeyReference, c.Key, key); err != nil {
		return false, fmt.Errorf("key reference of %s: %w", c.Key, err)
	}
	return doubled, nil
}
