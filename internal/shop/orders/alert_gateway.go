package orders

import (
	"context"
	"errors"
	"time"

	"gerai/internal/clock"
)

const (
	// gatewayDownAfter is how long no call is answered before a person is told.
	gatewayDownAfter = time.Minute
	// probeAfter is how long a gateway that fails is left alone before it is
	// asked again, although no customer needs it.
	probeAfter  = 10 * time.Second
	probeWithin = 5 * time.Second
	probeName   = "gerai-probe" // a reference that no charge has
	// gatewayGone is when a process that has not closed its alert is taken to be
	// gone. One that still runs opens it again.
	gatewayGone = time.Hour
)

// CheckGateway opens an alert when no call of this process was answered by the
// gateway for a minute, and closes it when one is. While it is down, it is asked
// even if no customer is there. The alert is about this process: another replica
// may have another way out.
func (s *Service) CheckGateway(ctx context.Context) error {
	if s.Calls == nil {
		return nil
	}
	open, left, err := s.gatewayAlerts(ctx)
	if err != nil {
		return err
	}
	if !s.Online() { // no call is made, and none fails
		if open {
			left = append(left, s.Instance)
		}
		return s.closeGatewayAlerts(ctx, left)
	}
	failed, _, last := s.Calls.state()
	if (open || len(left) > 0 || !failed.IsZero()) && !clock.Within(last, s.Clock.Now(), probeAfter) && s.allowLookup(ctx) == nil {
		probe, cancel := context.WithTimeout(ctx, probeWithin)
		_, err := s.Calls.Find(probe, probeName)
		cancel()
		s.Log.DebugContext(ctx, "gateway probed", "error", err)
	}
	failed, code, last := s.Calls.state()
	switch {
	case failed.IsZero() && !last.IsZero():
		if open {
			left = append(left, s.Instance)
		}
		return s.closeGatewayAlerts(ctx, left)
	case !failed.IsZero() && !open && s.Clock.Now().Sub(failed) >= gatewayDownAfter:
		return s.ledger.Alert(ctx, "gateway_down", s.Instance, code)
	}
	return nil
}

func (s *Service) closeGatewayAlerts(ctx context.Context, subjects []string) error {
	var errs []error
	for _, subject := range subjects {
		errs = append(errs, s.ledger.CloseAlert(ctx, "gateway_down", subject))
	}
	return errors.Join(errs...)
}

// gatewayAlerts reports whether this process's alert is open, and which ones
// are left of processes that are gone, or of a version that had one for all.
func (s *Service) gatewayAlerts(ctx context.Context) (open bool, left []string, err error) {
	all, err := s.Store.OpenAlerts(ctx)
	for _, a := range all {
		switch {
		case a.Kind != "gateway_down":
		case a.Subject == s.Instance:
			open = true
		case a.Subject == s.Gateway.Name() || !clock.Within(a.OpenedAt, s.Clock.Now(), gatewayGone):
			left = append(left, a.Subject)
		}
	}
	return open, left, err
}
