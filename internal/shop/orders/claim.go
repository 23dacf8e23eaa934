package orders

import (
	"context"
	"crypto/subtle"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
)

const claimPurpose = "claim"

// ClaimCode is the second code of an order. It follows from the first under the key of
// order links, which every rotation keeps; it is never stored, so a stolen database
// alone opens no order page by code.
func (s *Service) ClaimCode(c order.Code) (string, error) {
	mac, err := s.Store.ClaimMAC(c)
	return order.ClaimCode(mac), err
}

// Claim finds an order again by its two codes. A wrong code and an unknown
// order give the same answer after the same work.
//
// Guesses count per order and client, so that the owner is not locked out from
// another address, and right codes cost nothing. Guesses from many addresses at
// one order spend what all of them share; after that each address has one try
// in a while, so that the owner still gets in with the right code. A claim code
// has 30^6 values: see docs/security.md for what a guesser gets. Errors: NotFound
// "claim.no_match", Limited "limit.claim".
func (s *Service) Claim(ctx context.Context, typedCode, typedClaim, client string) (order.Token, error) {
	perClient := "claim:client:" + client
	if ok, after := s.Cache.Allow(ctx, perClient, s.Limits.ClaimsPerClient); !ok {
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
	giveBack, err := s.allowGuess(ctx, string(code), client)
	if err != nil {
		return "", err
	}
	o, err := s.Store.OrderByCode(ctx, code)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	mac, claimErr := s.Store.ClaimMAC(code)
	if claimErr != nil && err == nil {
		return "", claimErr
	}
	// Claim codes once followed from ids under the configured keys: pictures that customers
	// saved then work on for as long as the key is configured. For an unknown order o.ID is
	// empty and the comparison runs all the same.
	match := 0
	for _, mac := range append(s.Keys.MACs(claimPurpose, string(o.ID)), mac) {
		match |= subtle.ConstantTimeCompare([]byte(order.ClaimCode(mac)), []byte(claim))
	}
	if err != nil || match != 1 {
		return "", noMatch
	}
	giveBack()
	s.Cache.GiveBack(ctx, perClient, s.Limits.ClaimsPerClient)
	if err := s.countClaim(ctx, o.ID); err != nil {
		s.Log.WarnContext(ctx, "claim not counted", "order", o.ID, "error", err) // the customer gets the page all the same
	}
	return o.Token, nil
}

// countClaim notes once that an order was opened by its codes. Right codes have no limit:
// after the first time they only read.
func (s *Service) countClaim(ctx context.Context, id order.ID) error {
	if counted, err := s.Store.Claimed(ctx, id); err != nil || counted {
		return err
	}
	return s.Store.InTx(ctx, actor.Customer, func(tx *store.Tx) error { return tx.InsertClaim(ctx, id) })
}

// allowGuess takes one guess at an order from its client, and from what all
// clients share. giveBack returns what a right code took.
func (s *Service) allowGuess(ctx context.Context, code, client string) (giveBack func(), err error) {
	own, shared, rule := "claim:order:"+code+":"+client, "claim:guessed:"+code, s.Limits.ClaimsGuessed
	if ok, after := s.Cache.Allow(ctx, own, s.Limits.ClaimsPerOrder); !ok {
		return nil, fault.TooOften("limit.claim", after)
	}
	if ok, _ := s.Cache.Allow(ctx, shared, rule); !ok {
		shared, rule = "claim:strict:"+code+":"+client, s.Limits.ClaimsStrict
		if ok, after := s.Cache.Allow(ctx, shared, rule); !ok {
			return nil, fault.TooOften("limit.claim", after)
		}
	}
	return func() {
		s.Cache.GiveBack(ctx, own, s.Limits.ClaimsPerOrder)
		s.Cache.GiveBack(ctx, shared, rule)
	}, nil
}
