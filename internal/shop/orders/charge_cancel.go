package orders

import (
	"context"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/payments"
)

// CancelCharge asks the gateway to stop accepting money for an attempt the
// customer turned away from. Money may come all the same; that is no error.
func (s *Service) CancelCharge(ctx context.Context, j jobs.Job) error {
	a, err := s.Store.AttemptByID(ctx, j.Subject)
	if err != nil || a.State != order.Superseded || a.GatewayID == "" {
		return err
	}
	err = s.Gateway.Cancel(ctx, payments.Charge{GatewayID: a.GatewayID, MethodID: a.MethodID, Reference: a.Reference, Method: a.Method})
	switch {
	case err == nil, fault.Is(err, fault.Refused), fault.Is(err, fault.NotFound):
		return nil
	case j.Attempts+j.Snoozes > 10:
		return &jobs.Give{Err: err}
	}
	return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, 2*time.Second, time.Minute), Err: err}
}
