package routers

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

// ProvisioningProposal is what setup would do to one router, for a person to agree to.
type ProvisioningProposal struct {
	Router  catalog.Router
	Steps   []hotspot.Step    // in order; the shop's own record comes last
	Blocked []hotspot.Finding // why nothing may be done
	options ProvisioningOptions
	after   access // address and fingerprint are known only once api-ssl serves
}

// provisioningRecord is the plan as it is stored, sealed.
type provisioningRecord struct {
	Steps  []hotspot.Step
	Before access
	After  access
}

// PlanProvisioning reads the router and works out what setup would change. Nothing is
// changed. Errors: NotFound "router.not_found", Conflict
// "router.kit_unfinished" while an earlier setup hangs, Config
// "router.kit_base_url", Invalid "router.kit_address", router faults.
func (s *Service) PlanProvisioning(ctx context.Context, nameOrID string, o ProvisioningOptions) (ProvisioningProposal, error) {
	p := ProvisioningProposal{options: o}
	driver, err := s.provisioner()
	if err != nil {
		return p, err
	}
	if p.Router, err = s.FindRouter(ctx, nameOrID); err != nil {
		return p, err
	}
	if _, err := o.secureAddress("router:1", 1); err != nil {
		return p, err
	}
	kits, err := s.Store.Provisionings(ctx, p.Router.ID)
	if err != nil {
		return p, err
	}
	for _, k := range kits {
		if k.State != store.ProvisioningApplied {
			return p, store.ErrProvisioningUnfinished
		}
	}
	k, err := s.provisioningOf(ctx, p.Router, o)
	if err != nil {
		return p, err
	}
	work := o.worker(p.Router.Router)
	defer s.Hotspot.Forget(work.ID)
	plan, err := driver.PlanProvisioning(ctx, work, k)
	if err != nil {
		return p, fmt.Errorf("plan kit of router %s: %w", p.Router.ID, err)
	}
	p.Steps, p.Blocked = plan.Steps, plan.Blocked
	p.addAccess(plan.User, k.Password)
	return p, nil
}

// addAccess plans the change of the stored record: when the account, its
// certificate or the way to it changes.
func (p *ProvisioningProposal) addAccess(user, password string) {
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

func (p ProvisioningProposal) record() provisioningRecord {
	return provisioningRecord{Steps: p.Steps, Before: accessOf(p.Router.Router), After: p.after}
}

func (k provisioningRecord) text() (string, error) {
	raw, err := json.Marshal(k)
	return string(raw), err
}

func readRecord(k store.Provisioning) (provisioningRecord, error) {
	var r provisioningRecord
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

// CheckProvisioning audits a router: the provisioning, and common mistakes around it.
// Errors: NotFound "router.not_found", Config "router.kit_base_url", router faults.
func (s *Service) CheckProvisioning(ctx context.Context, nameOrID string, o ProvisioningOptions) ([]hotspot.Finding, error) {
	driver, err := s.provisioner()
	if err != nil {
		return nil, err
	}
	r, err := s.FindRouter(ctx, nameOrID)
	if err != nil {
		return nil, err
	}
	k, err := s.provisioningOf(ctx, r, o)
	if err != nil {
		return nil, err
	}
	k.Password = "" // an audit wants nothing changed
	work := o.worker(r.Router)
	defer s.Hotspot.Forget(work.ID)
	findings, err := driver.CheckProvisioning(ctx, work, k)
	if err != nil {
		return nil, fmt.Errorf("check router %s: %w", r.ID, err)
	}
	return findings, nil
}
