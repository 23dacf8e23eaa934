package shop

import (
	"context"
	"crypto/subtle"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
)

const claimPurpose = "claim"

// ClaimCode is the second code of an order. It is derived, never stored, so a
// stolen database alone opens no order page by code.
func (s *Shop) ClaimCode(id order.ID) string {
	return order.ClaimCode(s.Keys.MACs(claimPurpose, string(id))[0])
}

// Claim finds an order again by its two codes. A wrong code and an unknown
// order give the same answer after the same work. Errors: NotFound
// "claim.no_match", Limited "limit.claim".
func (s *Shop) Claim(ctx context.Context, typedCode, typedClaim, client string) (order.Token, error) {
	if ok, after := s.Cache.Allow(ctx, "claim:client:"+client, s.limits.ClaimsPerClient); !ok {
		return "", fault.TooOften("limit.claim", after)
	}
	noMatch := fault.New(fault.NotFound, "claim.no_match")
	code, ok := order.ParseCode(typedCode)
	if !ok {
		return "", noMatch
	}
	claim, ok := order.ParseClaim(typedClaim)
	if !ok {
		return "", noMatch
	}
	if ok, after := s.Cache.Allow(ctx, "claim:order:"+string(code), s.limits.ClaimsPerOrder); !ok {
		return "", fault.TooOften("limit.claim", after)
	}
	o, err := s.Store.OrderByCode(ctx, code)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	// For an unknown order o.ID is empty and the comparison runs all the same.
	match := 0
	for _, mac := range s.Keys.MACs(claimPurpose, string(o.ID)) {
		match |= subtle.ConstantTimeCompare([]byte(order.ClaimCode(mac)), []byte(claim))
	}
	if err != nil || match != 1 {
		return "", noMatch
	}
	if err := s.Store.InTx(ctx, actorCustomer, func(tx *store.Tx) error { return tx.InsertClaim(ctx, o.ID) }); err != nil {
		s.Log.WarnContext(ctx, "claim not counted", "order", o.ID, "error", err) // the customer gets the page all the same
	}
	return o.Token, nil
}
