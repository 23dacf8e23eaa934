package vouchers

import (
	"context"
	"errors"
	"time"

	"gerai/internal/clock"
)

// VerifyClock has outside sources judge the clock, tells people when they
// disagree or are silent, and puts right what a wrong clock wrote or ended.
func (s *Service) VerifyClock(ctx context.Context) error {
	if s.Verifier == nil {
		return nil
	}
	v := s.Verifier.Refresh(ctx)
	var errs []error
	switch v.State {
	case clock.Agreed:
		errs = append(errs, s.clockAlert(ctx, "", ""), s.CorrectTimes(ctx), s.reviveEnded(ctx))
	case clock.Disagreed:
		errs = append(errs, s.clockAlert(ctx, "clock_wrong", v.Source+" "+v.Offset.Round(time.Second).String()))
	case clock.Alone:
		errs = append(errs, s.clockAlert(ctx, "clock_unverified", clock.Silence.String()))
	}
	return errors.Join(errs...)
}

// clockAlert has at most this alert open about this process's clock, and closes
// those of processes that are not heard of any more.
func (s *Service) clockAlert(ctx context.Context, kind, detail string) error {
	open, err := s.Store.OpenAlerts(ctx)
	if err != nil {
		return err
	}
	told := false
	for _, a := range open {
		if a.Kind != "clock_wrong" && a.Kind != "clock_unverified" {
			continue
		}
		mine := a.Subject == s.Instance
		switch {
		case mine && a.Kind == kind:
			told = true
		case mine, !clock.Within(a.OpenedAt, s.Clock.Now(), clock.Silence):
			if err := s.ledger.CloseAlert(ctx, a.Kind, a.Subject); err != nil {
				return err
			}
		}
	}
	if told || kind == "" {
		return nil
	}
	return s.ledger.Alert(ctx, kind, s.Instance, detail)
}
