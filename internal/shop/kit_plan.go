package shop

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// KitProposal is what setup would do to one router, for a person to agree to.
type KitProposal struct {
	Router  catalog.Router
	Steps   []hotspot.Step    // in order; the shop's own record comes last
	Blocked []hotspot.Finding // why nothing may be done
	options KitOptions
	after   access // address and fingerprint are known only once api-ssl serves
}

// kitRecord is the plan as it is stored, sealed.
type kitRecord struct {
	Steps  []hotspot.Step
	Before access
	After  access
}

// PlanKit reads the router and works out what setup would change. Nothing is
// changed. Errors: NotFound "router.not_found", Conflict
// "router.kit_unfinished" while an earlier setup hangs, Config
// "router.kit_base_url", Invalid "router.kit_address", router faults.
func (s *Shop) PlanKit(ctx context.Context, nameOrID string, o KitOptions) (KitProposal, error) {
	p := KitProposal{options: o}
	driver, err := s.outfitter()
	if err != nil {
		return p, err
	}
	if p.Router, err = s.FindRouter(ctx, nameOrID); err != nil {
		return p, err
	}
	if _, err := o.secureAddress("router:1", 1); err != nil {
		return p, err
	}
	kits, err := s.Store.Kits(ctx, p.Router.ID)
	if err != nil {
		return p, err
	}
	for _, k := range kits {
		if k.State != store.KitApplied {
			return p, fault.New(fault.Conflict, "router.kit_unfinished")
		}
	}
	k, err := s.kitOf(ctx, p.Router, o)
	if err != nil {
		return p, err
	}
	work := o.worker(p.Router.Router)
	defer s.Hotspot.Forget(work.ID)
	plan, err := driver.PlanKit(ctx, work, k)
	if err != nil {
		return p, fmt.Errorf("plan kit of router %s: %w", p.Router.ID, err)
	}
	p.Steps, p.Blocked = plan.Steps, plan.Blocked
	p.addAccess(plan.User, k.Password)
	return p, nil
}

// addAccess plans the change of the stored record: when the account, its
// certificate or the way to it changes.
func (p *KitProposal) addAccess(user, password string) {
	r := p.Router.Router
	p.after = access{User: user, Password: r.Password, TLS: true}
	needed := !r.TLS || user != r.User
	for _, st := range p.Steps {
		switch {
		case st.Kind == hotspot.StepUser && st.After["password"] != "":
			p.after.Password = password
			needed = true
		case st.Kind == hotspot.StepService, st.Kind == hotspot.StepCertificate:
			needed = true
		}
	}
	if needed {
		p.Steps = append(p.Steps, hotspot.Step{Kind: hotspot.StepAccess, Item: user,
			Before: map[string]string{"user": r.User, "tls": strconv.FormatBool(r.TLS)}, After: map[string]string{"user": user, "tls": "true"}})
	}
}

func (p KitProposal) record() kitRecord {
	return kitRecord{Steps: p.Steps, Before: accessOf(p.Router.Router), After: p.after}
}

func (k kitRecord) text() (string, error) {
	raw, err := json.Marshal(k)
	return string(raw), err
}

func readRecord(k store.Kit) (kitRecord, error) {
	var r kitRecord
	err := json.Unmarshal([]byte(k.Plan), &r)
	if err == nil && len(r.Steps) != len(k.Steps) {
		err = fmt.Errorf("%d steps in the plan, %d on record", len(r.Steps), len(k.Steps))
	}
	if err != nil {
		return r, fault.Wrap(fault.Internal, "internal", fmt.Errorf("read kit %s: %w", k.ID, err))
	}
	return r, nil
}

func stepName(st hotspot.Step) string { return string(st.Kind) + ":" + st.Item }

// CheckKit audits a router: the kit, and what an operator can get wrong around
// it. Errors: NotFound "router.not_found", Config "router.kit_base_url",
// router faults.
func (s *Shop) CheckKit(ctx context.Context, nameOrID string, o KitOptions) ([]hotspot.Finding, error) {
	driver, err := s.outfitter()
	if err != nil {
		return nil, err
	}
	r, err := s.FindRouter(ctx, nameOrID)
	if err != nil {
		return nil, err
	}
	k, err := s.kitOf(ctx, r, o)
	if err != nil {
		return nil, err
	}
	k.Password = "" // an audit wants nothing changed
	work := o.worker(r.Router)
	defer s.Hotspot.Forget(work.ID)
	findings, err := driver.CheckKit(ctx, work, k)
	if err != nil {
		return nil, fmt.Errorf("check router %s: %w", r.ID, err)
	}
	return findings, nil
}
