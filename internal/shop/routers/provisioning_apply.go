package routers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// ProvisioningResult is what setup or undo did to a router.
type ProvisioningResult struct {
	Done       int              // steps that hold now
	Failed     *hotspot.Step    // the one that setup stopped at, nil when it went through
	RolledBack []RolledBackStep // steps taken back, in that order
	Left       []hotspot.Step   // steps that could not be taken back: undo has to be run again
}

// RolledBackStep is one step taken back, or left for a reason.
type RolledBackStep struct {
	Step    hotspot.Step
	Outcome hotspot.RollbackOutcome
}

// rollbackTimeout bounds taking back what a failed setup did, also after the caller
// has gone.
const rollbackTimeout = 2 * time.Minute

// Provision does what was proposed, all or nothing: when a step fails, those
// before it are taken back. The plan and each step's progress are stored before
// the router hears of it, so that Rollback can take back what a dying process
// left. The error says why it failed, the result what became of the router.
// Errors: Conflict "router.kit_blocked", "router.kit_unfinished" and
// "router.kit_changed", router faults.
func (s *Service) Provision(ctx context.Context, by actor.Actor, p ProvisioningProposal) (ProvisioningResult, error) {
	if len(p.Blocked) > 0 {
		return ProvisioningResult{}, fault.New(fault.Conflict, "router.kit_blocked")
	}
	if len(p.Steps) == 0 {
		return ProvisioningResult{}, nil
	}
	driver, err := s.provisioner()
	if err != nil {
		return ProvisioningResult{}, err
	}
	w := &provisioningRun{s: s, driver: driver, by: by, router: p.Router.Router, work: p.options.worker(p.Router.Router), record: p.record()}
	defer s.Hotspot.Forget(w.work.ID)
	if err := w.begin(ctx); err != nil {
		return ProvisioningResult{}, err
	}
	for i, st := range p.Steps {
		if err := w.take(ctx, i, p.options); err != nil {
			result := w.rollBack(ctx, i)
			result.Failed = &p.Steps[i]
			return result, fmt.Errorf("set up router %s, %s: %w", w.router.ID, stepName(st), err)
		}
	}
	return ProvisioningResult{Done: len(p.Steps)}, w.note(ctx, "kit.apply", func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, w.id, store.ProvisioningApplied) })
}

// provisioningRun is one provisioning under way.
type provisioningRun struct {
	s      *Service
	driver hotspot.Provisioner
	by     actor.Actor
	id     string
	router hotspot.Router // as stored
	work   hotspot.Router // as setup logs in
	other  string         // another pin that the router may show, while its certificate changes
	record provisioningRecord
}

// reach does something on the router. When setup itself came over TLS, the
// certificate changes under it; then the other pin is tried.
func (w *provisioningRun) reach(fn func(r hotspot.Router) error) error {
	err := fn(w.work)
	if errors.Is(err, hotspot.ErrCertificate) && w.work.TLS && w.other != "" {
		w.work.Fingerprint, w.other = w.other, w.work.Fingerprint
		err = fn(w.work)
	}
	return err
}

func (w *provisioningRun) note(ctx context.Context, act string, fn func(tx *store.Tx) error) error {
	names := make([]string, len(w.record.Steps))
	for i, st := range w.record.Steps {
		names[i] = stepName(st)
	}
	return w.s.Store.InTx(ctx, w.by, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		tx.Audit(act, "router:"+w.router.ID, map[string]any{"kit": w.id, "steps": names})
		return nil
	})
}

func (w *provisioningRun) begin(ctx context.Context) error {
	text, err := w.record.text()
	if err != nil {
		return err
	}
	return w.note(ctx, "kit.begin", func(tx *store.Tx) error {
		w.id = tx.NewID()
		k := store.Provisioning{ID: w.id, RouterID: w.router.ID, Plan: text}
		for _, st := range w.record.Steps {
			k.Steps = append(k.Steps, store.ProvisioningStep{Name: stepName(st)})
		}
		return tx.InsertProvisioning(ctx, k)
	})
}

func (w *provisioningRun) mark(ctx context.Context, i int, state string) error {
	return w.s.Store.InTx(ctx, w.by, func(tx *store.Tx) error { return tx.SetProvisioningStep(ctx, w.id, i, state) })
}

// take takes one step. It is on record as begun before the router hears of it.
func (w *provisioningRun) take(ctx context.Context, i int, o ProvisioningOptions) error {
	if err := w.mark(ctx, i, store.StepBegun); err != nil {
		return err
	}
	st := w.record.Steps[i]
	if st.Kind == hotspot.StepAccess {
		return w.moveIn(ctx, i, o)
	}
	if name := st.After["certificate"]; name != "" && w.work.TLS {
		if err := w.expect(ctx, name); err != nil {
			return err
		}
	}
	if err := w.reach(func(r hotspot.Router) error { return w.driver.ApplyStep(ctx, r, st) }); err != nil {
		return err
	}
	return w.mark(ctx, i, store.StepDone)
}

// expect records the certificate that the router is about to show: without it the shop
// could not connect again after a crash.
func (w *provisioningRun) expect(ctx context.Context, certificate string) error {
	var err error
	if w.other, err = w.driver.Fingerprint(ctx, w.work, certificate); err != nil {
		return err
	}
	w.record.After.Fingerprint = w.other
	text, err := w.record.text()
	if err != nil {
		return err
	}
	return w.s.Store.InTx(ctx, w.by, func(tx *store.Tx) error { return tx.SetProvisioningPlan(ctx, w.id, text) })
}

// moveIn proves that the new account works over api-ssl with the pinned
// certificate, and only then writes it down.
func (w *provisioningRun) moveIn(ctx context.Context, i int, o ProvisioningOptions) error {
	var port int
	var fingerprint string
	err := w.reach(func(r hotspot.Router) (err error) {
		port, fingerprint, err = w.driver.SecureAccess(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	next := w.record.After
	if next.Address, err = o.secureAddress(w.router.Address, port); err != nil {
		return err
	}
	next.Fingerprint = fingerprint
	if err := w.proves(ctx, next.on(w.router)); err != nil {
		return err
	}
	return w.writeDown(ctx, next, func(tx *store.Tx) error { return tx.SetProvisioningStep(ctx, w.id, i, store.StepDone) })
}

// proves logs in as the shop would.
func (w *provisioningRun) proves(ctx context.Context, r hotspot.Router) error {
	r.ID += ":try"
	defer w.s.Hotspot.Forget(r.ID)
	_, err := w.s.Hotspot.Ping(ctx, r)
	return err
}

// writeDown changes the stored record and announces the change.
func (w *provisioningRun) writeDown(ctx context.Context, a access, also func(tx *store.Tx) error) error {
	err := w.s.Store.InTx(ctx, w.by, func(tx *store.Tx) error {
		if err := tx.SetRouterAccess(ctx, a.on(w.router)); err != nil {
			return err
		}
		tx.Audit("router.access", "router:"+w.router.ID, map[string]any{"user": a.User, "tls": a.TLS})
		return also(tx)
	})
	if err != nil {
		return err
	}
	w.s.Hotspot.Forget(w.router.ID)
	publish, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	w.s.Cache.Publish(publish, ledger.TopicCatalogue, "")
	return nil
}

// rollBack takes back the steps up to the failed one, newest first. It goes on
// after the caller gave up: half a setup is worse than a late answer.
func (w *provisioningRun) rollBack(ctx context.Context, failed int) ProvisioningResult {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	var result ProvisioningResult
	for i := failed; i >= 0; i-- {
		w.rollBackStep(ctx, i, &result)
	}
	act, state := "kit.rollback", store.ProvisioningRolledBack
	if len(result.Left) > 0 {
		act, state = "kit.stuck", store.ProvisioningApplying
	}
	if err := w.note(ctx, act, func(tx *store.Tx) error { return tx.SetProvisioningState(ctx, w.id, state) }); err != nil {
		w.s.Log.ErrorContext(ctx, "rollback not noted", "router", w.router.ID, "kit", w.id, "error", err)
	}
	return result
}

// rollBackStep takes one step back and notes how that went.
func (w *provisioningRun) rollBackStep(ctx context.Context, i int, result *ProvisioningResult) {
	st := w.record.Steps[i]
	undone, err := w.rollBackOnRouter(ctx, st)
	if err == nil {
		err = w.mark(ctx, i, string(undone))
	}
	if err != nil {
		w.s.Log.WarnContext(ctx, "step not taken back", "router", w.router.ID, "kit", w.id, "step", stepName(st), "error", err)
		result.Left = append(result.Left, st)
		return
	}
	result.RolledBack = append(result.RolledBack, RolledBackStep{st, undone})
}

func (w *provisioningRun) rollBackOnRouter(ctx context.Context, st hotspot.Step) (undone hotspot.RollbackOutcome, err error) {
	if st.Kind == hotspot.StepAccess {
		return w.moveOut(ctx)
	}
	err = w.reach(func(r hotspot.Router) error {
		undone, err = w.driver.RollbackStep(ctx, r, st)
		return err
	})
	return undone, err
}

// moveOut restores the former access in the record, unless the record has changed
// since.
func (w *provisioningRun) moveOut(ctx context.Context) (hotspot.RollbackOutcome, error) {
	now, err := w.s.Store.Router(ctx, w.router.ID)
	if err != nil {
		return "", err
	}
	switch {
	case accessOf(now.Router) == w.record.Before:
		return hotspot.RollbackGone, nil
	case !w.mine(now.Router):
		return hotspot.RollbackKept, nil
	}
	w.router = now.Router
	return hotspot.RollbackDone, w.writeDown(ctx, w.record.Before, func(*store.Tx) error { return nil })
}
