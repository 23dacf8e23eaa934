package setup

import (
	"context"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/store"
)

// State is how far a shop is on its way to the first sale.
type State struct {
	Sites   []catalog.Site // that are open
	Routers []RouterFact   // that are switched on
	Plans   int            // that are sold, at all open sites
	Planned map[string]int // the same by site
	Gateway GatewayState   // optional
	Sold    time.Time      // the first sale, zero while there was none
}

// RouterFact is what is known of a router.
type RouterFact struct {
	ID, Name, SiteID string
	SeenAt           time.Time // when it last answered
	Failure          string    // fault code, "" while it answers
	Provisioned      bool      // the setup of Gerai holds on it
	Trial            store.Trial
	Tried            bool // there is a Trial
}

// Answers reports whether it was reached and nothing failed since.
func (r RouterFact) Answers() bool { return !r.SeenAt.IsZero() && r.Failure == "" }

// Steps of the setup, in their order.
const (
	StepSite    = "site"
	StepRouter  = "router"
	StepPlan    = "plan"
	StepGateway = "gateway"
	StepTrial   = "trial"
	StepSale    = "sale"
)

// Steps are all of them.
var Steps = []string{StepSite, StepRouter, StepPlan, StepGateway, StepTrial, StepSale}

// Optional reports whether the first sale does without a step.
func Optional(step string) bool { return step == StepGateway }

// Done reports whether a step is done, as the books tell.
func (s State) Done(step string) bool {
	switch step {
	case StepSite:
		return len(s.Sites) > 0
	case StepRouter:
		for _, r := range s.Routers {
			if r.Answers() {
				return true
			}
		}
	case StepPlan:
		return s.Plans > 0
	case StepGateway:
		return s.Gateway.Connected
	case StepTrial:
		for _, r := range s.Routers {
			if r.Tried && r.Trial.OK() {
				return true
			}
		}
	case StepSale:
		return !s.Sold.IsZero()
	}
	return false
}

// needs are the steps without which another one cannot be taken.
var needs = map[string][]string{StepRouter: {StepSite}, StepPlan: {StepSite}, StepTrial: {StepRouter, StepPlan}, StepSale: {StepRouter, StepPlan}}

// Missing are the steps that have to be done before another one.
func (s State) Missing(step string) (out []string) {
	for _, x := range needs[step] {
		if !s.Done(x) {
			out = append(out, x)
		}
	}
	return out
}

// Next is the first step to be taken, "" where none is left. Optional ones are never next.
func (s State) Next() string {
	for _, x := range Steps {
		if !Optional(x) && !s.Done(x) {
			return x
		}
	}
	return ""
}

// Progress counts the steps that have to be done, and those that are.
func (s State) Progress() (done, all int) {
	for _, x := range Steps {
		if Optional(x) {
			continue
		}
		if all++; s.Done(x) {
			done++
		}
	}
	return done, all
}

// State reads how far the shop is.
func (s *Service) State(ctx context.Context) (State, error) {
	st := State{Planned: map[string]int{}}
	sites, err := s.Store.Sites(ctx)
	if err != nil {
		return st, err
	}
	for _, x := range sites {
		if x.Hidden {
			continue
		}
		st.Sites = append(st.Sites, x)
		plans, err := s.Store.Plans(ctx, x.ID)
		if err != nil {
			return st, err
		}
		for _, p := range plans {
			if !p.Hidden && !p.Retired() {
				st.Plans++
				st.Planned[x.ID]++
			}
		}
	}
	if err := s.readRouters(ctx, &st); err != nil {
		return st, err
	}
	if st.Gateway, err = s.GatewayState(ctx); err != nil {
		return st, err
	}
	st.Sold, _, err = s.Store.FirstSale(ctx)
	return st, err
}

func (s *Service) readRouters(ctx context.Context, st *State) error {
	routers, err := s.Store.RouterStates(ctx)
	if err != nil {
		return err
	}
	for _, r := range routers {
		if r.Disabled {
			continue
		}
		f := RouterFact{ID: r.ID, Name: r.Name, SiteID: r.SiteID, SeenAt: r.SeenAt, Failure: r.Failure}
		kits, err := s.Store.Provisionings(ctx, r.ID)
		if err != nil {
			return err
		}
		f.Provisioned = len(kits) > 0 && kits[0].State == store.ProvisioningApplied
		if f.Trial, f.Tried, err = s.Store.LastTrial(ctx, r.ID); err != nil {
			return err
		}
		st.Routers = append(st.Routers, f)
	}
	return nil
}
