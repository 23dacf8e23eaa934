package orders

import (
	"context"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/payments"
)

// chargeLookup is one charge as the gateway just told it.
type chargeLookup struct {
	attempt order.Attempt
	charge  payments.Charge
}

// lookup asks the gateway once: by its id, or by our reference when the answer
// to the creation was lost.
func (s *Service) lookup(ctx context.Context, a order.Attempt) (payments.Charge, bool, error) {
	if a.GatewayID == "" && a.Failure == "" && a.State == order.Creating && clock.Within(a.CreatedAt, s.Clock.Now(), firstWait) {
		return payments.Charge{}, false, nil // being created right now
	}
	if a.GatewayID != "" {
		return s.lookupCharge(ctx, a.GatewayID)
	}
	if err := s.allowLookup(ctx); err != nil {
		return payments.Charge{}, false, err
	}
	found, err := s.Gateway.Find(ctx, a.Reference)
	if fault.Is(err, fault.NotFound) || (err == nil && len(found) == 0) {
		return payments.Charge{}, false, nil
	}
	if err != nil {
		return payments.Charge{}, false, err
	}
	for _, c := range found {
		if c.Status == payments.Paid {
			return c, true, nil
		}
	}
	return found[0], true, nil
}

// lookupUnknown reads a charge that no attempt knows, once every attempt knows its
// own: the gateway may have made a second one where its answer got lost.
func (s *Service) lookupUnknown(ctx context.Context, attempts []order.Attempt, gatewayID string) ([]chargeLookup, error) {
	for _, a := range attempts {
		if gatewayID == "" || a.GatewayID == gatewayID || (a.GatewayID == "" && ledger.NeedsLookup(a, "")) {
			return nil, nil
		}
	}
	c, found, err := s.lookupCharge(ctx, gatewayID)
	if err != nil || !found {
		return nil, err
	}
	for _, a := range attempts {
		if a.Reference == c.Reference {
			return []chargeLookup{{attempt: a, charge: c}}, nil
		}
	}
	return nil, nil
}

// lookupCharge reads one charge by the gateway's id, within the budget all reads
// share. found is false when the gateway does not know it.
func (s *Service) lookupCharge(ctx context.Context, gatewayID string) (c payments.Charge, found bool, err error) {
	if err := s.allowLookup(ctx); err != nil {
		return c, false, err
	}
	c, err = s.Gateway.Get(ctx, gatewayID)
	if fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// LookupRefund asks the gateway for a refund by its id, within the budget of
// reads.
func (s *Service) LookupRefund(ctx context.Context, id string) (payments.Refund, error) {
	if err := s.allowLookup(ctx); err != nil {
		return payments.Refund{}, err
	}
	return s.Gateway.GetRefund(ctx, id)
}

func (s *Service) allowLookup(ctx context.Context) error {
	if ok, after := s.Cache.Allow(ctx, "gateway:reads", s.budget(s.Limits.GatewayReads)); !ok {
		return fault.TooOften("gateway.busy", after)
	}
	return nil
}
