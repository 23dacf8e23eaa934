package routers

import (
	"context"
	"errors"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// maxSkew is how wrong a router's clock may be before a person is told. The
// shop never computes validity from router time.
const maxSkew = 120 * time.Second

// CheckRouters pings every enabled router in parallel, so that a hanging one delays no
// other. When a router answers again, orders that stopped because of its login,
// certificate or permissions are retried.
func (s *Service) CheckRouters(ctx context.Context) error {
	routers, err := s.Store.Routers(ctx)
	if err != nil {
		return err
	}
	results := make(chan checked, len(routers))
	for _, r := range routers {
		go func() { results <- s.checkRouter(ctx, r) }()
	}
	var errs []error
	var round []checked
	for range routers {
		c := <-results
		round, errs = append(round, c), append(errs, c.err)
	}
	return errors.Join(append(errs, s.noteRound(ctx, round))...)
}

// checkRouter returns the zero value for a router that another replica is
// looking at, or that is switched off.
func (s *Service) checkRouter(ctx context.Context, r catalog.Router) checked {
	if r.Disabled {
		return checked{}
	}
	release, ok := s.Cache.Acquire(ctx, "router:ping:"+r.ID, 10*time.Second)
	if !ok {
		return checked{}
	}
	defer release()
	h, err := s.Hotspot.Ping(ctx, r.Router)
	c := checked{RouterCheck: store.RouterCheck{RouterID: r.ID, Answered: err == nil, Latency: h.Latency}}
	if err != nil {
		c.err = s.ledger.RouterFailed(ctx, r, err)
		return c
	}
	c.sample = s.sample(ctx, r)
	c.err = s.routerAnswered(ctx, r, h)
	return c
}

// routerAnswered does what waits for a router that is there.
func (s *Service) routerAnswered(ctx context.Context, r catalog.Router, h hotspot.Health) error {
	if err := s.ledger.RouterSeen(ctx, r); err != nil {
		return err
	}
	if err := s.judgeClock(ctx, r, h); err != nil {
		return err
	}
	for _, hook := range s.RouterBack {
		if err := hook(ctx, r, h); err != nil {
			return err
		}
	}
	return nil
}

// judgeClock lets the router's clock speak for or against ours, and tells of it
// where it is wrong and ours is not.
func (s *Service) judgeClock(ctx context.Context, r catalog.Router, h hotspot.Health) error {
	if s.Verifier != nil && !h.Time.IsZero() {
		s.Verifier.Tell("router:"+r.ID, h.Time)
		if v := s.Verifier.Verdict(); v.State == clock.Disagreed && v.Source == clock.SourceGateway {
			return nil
		}
	}
	if h.ClockSkew > maxSkew || h.ClockSkew < -maxSkew {
		return s.ledger.Alert(ctx, "router_clock", r.ID, h.ClockSkew.Round(time.Second).String())
	}
	return s.ledger.CloseAlert(ctx, "router_clock", r.ID)
}
