package routers

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// RollbackProposal is what undo would take back on one router.
type RollbackProposal struct {
	Router        catalog.Router
	Steps         []hotspot.Step // newest first
	provisionings []store.Provisioning
	options       ProvisioningOptions
}

// PlanRollback lists what setup did to a router and what still holds of it, the
// newest first. Errors: NotFound "router.not_found" and "router.kit_no_undo".
func (s *Service) PlanRollback(ctx context.Context, nameOrID string, o ProvisioningOptions) (RollbackProposal, error) {
	p := RollbackProposal{options: o}
	var err error
	if p.Router, err = s.FindRouter(ctx, nameOrID); err != nil {
		return p, err
	}
	if p.provisionings, err = s.Store.Provisionings(ctx, p.Router.ID); err != nil {
		return p, err
	}
	if len(p.provisionings) == 0 {
		return p, store.ErrNothingToUndo
	}
	for _, k := range p.provisionings {
		record, err := readRecord(k)
		if err != nil {
			return p, err
		}
		for i := len(record.Steps) - 1; i >= 0; i-- {
			if open(k.Steps[i]) {
				p.Steps = append(p.Steps, record.Steps[i])
			}
		}
	}
	return p, nil
}

// open reports whether a step may have left something on the router.
func open(st store.ProvisioningStep) bool {
	return st.State == store.StepBegun || st.State == store.StepDone
}

// Rollback takes back what provisioning did, newest first. What was changed since, or
// what vouchers still need, stays and is listed in the result. It may be repeated after
// any failure. Errors: Config "router.kit_locked_out" when the shop's former account is
// gone, router faults.
func (s *Service) Rollback(ctx context.Context, by actor.Actor, p RollbackProposal) (ProvisioningResult, error) {
	driver, err := s.provisioner()
	if err != nil {
		return ProvisioningResult{}, err
	}
	var result ProvisioningResult
	for _, k := range p.provisionings {
		if err := s.rollbackOne(ctx, by, driver, k, p, &result); err != nil {
			return result, fmt.Errorf("undo kit %s of router %s: %w", k.ID, p.Router.ID, err)
		}
	}
	return result, nil
}

func (s *Service) rollbackOne(ctx context.Context, by actor.Actor, driver hotspot.Provisioner, k store.Provisioning, p RollbackProposal, result *ProvisioningResult) error {
	record, err := readRecord(k)
	if err != nil {
		return err
	}
	stored, err := s.Store.Router(ctx, p.Router.ID)
	if err != nil {
		return err
	}
	w := &provisioningRun{s: s, driver: driver, by: by, id: k.ID, router: stored.Router, record: record}
	if err := w.wayIn(ctx, p.options); err != nil {
		return err
	}
	defer s.Hotspot.Forget(w.work.ID)
	if err := w.note(ctx, "kit.undo", func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, w.id, store.ProvisioningRollingBack) }); err != nil {
		return err
	}
	for i := len(record.Steps) - 1; i >= 0; i-- {
		if !open(k.Steps[i]) {
			continue
		}
		undone, err := w.rollBackOnRouter(ctx, record.Steps[i])
		if err == nil {
			err = w.mark(ctx, i, string(undone))
		}
		if err != nil {
			for ; i >= 0; i-- {
				if open(k.Steps[i]) {
					result.Left = append(result.Left, record.Steps[i])
				}
			}
			return err
		}
		result.RolledBack = append(result.RolledBack, RolledBackStep{record.Steps[i], undone})
	}
	return w.note(ctx, "kit.undone", func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, w.id, store.ProvisioningRolledBack) })
}

// wayIn finds the access for the rollback: the one that the shop had before this
// provisioning, since api-ssl and the new account are removed on the way. When the
// record was changed since, the present one is used. The former account must still
// work, or the rollback would lock the shop out.
func (w *provisioningRun) wayIn(ctx context.Context, o ProvisioningOptions) error {
	r, mine := w.router, w.mine(w.router)
	if mine {
		r = w.record.Before.on(r)
	}
	w.work = r
	if r.TLS && w.record.After.Fingerprint != r.Fingerprint {
		w.other = w.record.After.Fingerprint
	}
	if mine {
		err := w.reach(func(r hotspot.Router) error { return w.proves(ctx, r) })
		if fault.Is(err, fault.Config) {
			return fault.Wrap(fault.Config, "router.kit_locked_out", err)
		}
		if err != nil {
			return err
		}
	}
	w.work = o.worker(w.work)
	return nil
}

// mine reports whether the record is what setup wrote.
func (w *provisioningRun) mine(r hotspot.Router) bool {
	a := w.record.After
	return r.User == a.User && r.Password == a.Password && r.TLS && (a.Fingerprint == "" || r.Fingerprint == a.Fingerprint)
}
