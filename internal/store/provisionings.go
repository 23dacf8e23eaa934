package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
)

// ProvisioningState is how far a router's setup got.
type ProvisioningState string

const (
	// ProvisioningApplying: setup is under way, or died.
	ProvisioningApplying ProvisioningState = "applying"
	// ProvisioningApplied: it holds.
	ProvisioningApplied ProvisioningState = "applied"
	// ProvisioningRollingBack: undo is under way, or died.
	ProvisioningRollingBack ProvisioningState = "undoing"
	// ProvisioningRolledBack: it was taken back.
	ProvisioningRolledBack ProvisioningState = "undone"
)

// Provisioning is one setup of one router.
type Provisioning struct {
	ID        string
	RouterID  string
	State     ProvisioningState
	Plan      string // the shop's own text, sealed in the table
	Steps     []ProvisioningStep
	CreatedAt time.Time
}

// ProvisioningStep is the progress of one step of the plan, in its order.
type ProvisioningStep struct {
	Name  string
	State string // planned, begun, done, or a hotspot.RollbackOutcome
}

// States of a step besides hotspot.RollbackOutcome.
const (
	StepPlanned = "planned"
	StepBegun   = "begun"
	StepDone    = "done"
)

func provisioningPurpose(id string) string { return "kit:" + id }

var (
	sqlProvisionings     = request(`SELECT id, router_id, state, plan_sealed, created_ms FROM kits WHERE router_id = $1 AND state <> 'undone' ORDER BY id DESC`)
	sqlProvisioningSteps = request(`SELECT name, state FROM kit_steps WHERE kit_id = $1 ORDER BY no`)
)

// Provisionings lists what setup did to a router and still holds or hangs, the newest
// first. Errors: Config "router.kit_unreadable" when no key opens a plan.
func (r reads) Provisionings(ctx context.Context, routerID string) ([]Provisioning, error) {
	kits, err := queryAll(ctx, r.q, func(s scanner) (Provisioning, error) {
		var k Provisioning
		var sealed string
		var created unixMillis
		if err := s.Scan(&k.ID, &k.RouterID, &k.State, &sealed, &created); err != nil {
			return k, err
		}
		k.CreatedAt = created.Time
		var err error
		if k.Plan, _, err = r.keys.Open(sealed, provisioningPurpose(k.ID)); err != nil {
			err = fault.Wrap(fault.Config, "router.kit_unreadable", fmt.Errorf("kit %s: %w", k.ID, err))
		}
		return k, err
	}, sqlProvisionings, routerID)
	if err != nil {
		return nil, fmt.Errorf("read kits of router %s: %w", routerID, err)
	}
	for i := range kits {
		kits[i].Steps, err = queryAll(ctx, r.q, func(s scanner) (ProvisioningStep, error) {
			var st ProvisioningStep
			err := s.Scan(&st.Name, &st.State)
			return st, err
		}, sqlProvisioningSteps, kits[i].ID)
		if err != nil {
			return nil, fmt.Errorf("read steps of kit %s: %w", kits[i].ID, err)
		}
	}
	return kits, nil
}

// InsertProvisioning keeps a plan before its first step is taken. Errors: Conflict
// "router.kit_unfinished" while another one of this router is under way.
func (t *Tx) InsertProvisioning(ctx context.Context, k Provisioning) error {
	sealed, err := t.keys.Seal(k.Plan, provisioningPurpose(k.ID))
	if err != nil {
		return fmt.Errorf("insert kit: %w", err)
	}
	fresh, err := t.touched(ctx, `INSERT INTO kits (id, router_id, state, plan_sealed, created_ms, finished_ms) VALUES ($1, $2, $3, $4, $5, NULL) ON CONFLICT DO NOTHING`,
		k.ID, k.RouterID, string(ProvisioningApplying), sealed, at(t.now))
	if err == nil && !fresh {
		err = ErrProvisioningUnfinished
	}
	for i, st := range k.Steps {
		if err == nil {
			_, err = t.exec(ctx, `INSERT INTO kit_steps (kit_id, no, name, state, at_ms) VALUES ($1, $2, $3, $4, $5)`, k.ID, i, st.Name, StepPlanned, at(t.now))
		}
	}
	if err != nil {
		return fmt.Errorf("insert kit of router %s: %w", k.RouterID, err)
	}
	return nil
}

// SetProvisioningStep notes the progress of one step.
func (t *Tx) SetProvisioningStep(ctx context.Context, kitID string, no int, state string) error {
	ok, err := t.touched(ctx, `UPDATE kit_steps SET state = $3, at_ms = $4 WHERE kit_id = $1 AND no = $2`, kitID, no, state, at(t.now))
	if err == nil && !ok {
		err = ErrNothingToUndo
	}
	if err != nil {
		return fmt.Errorf("note step %d of kit %s: %w", no, kitID, err)
	}
	return nil
}

// SetProvisioningPlan replaces a plan with one that knows more.
func (t *Tx) SetProvisioningPlan(ctx context.Context, kitID, plan string) error {
	sealed, err := t.keys.Seal(plan, provisioningPurpose(kitID))
	if err == nil {
		_, err = t.exec(ctx, `UPDATE kits SET plan_sealed = $2 WHERE id = $1`, kitID, sealed)
	}
	if err != nil {
		return fmt.Errorf("replace plan of kit %s: %w", kitID, err)
	}
	return nil
}

// SetProvisioningState records how far a provisioning got.
func (t *Tx) SetProvisioningState(ctx context.Context, kitID string, state ProvisioningState) error {
	var finished time.Time
	if state == ProvisioningApplied || state == ProvisioningRolledBack {
		finished = t.now
	}
	if _, err := t.exec(ctx, `UPDATE kits SET state = $2, finished_ms = $3 WHERE id = $1`, kitID, string(state), at(finished)); err != nil {
		return fmt.Errorf("note state of kit %s: %w", kitID, err)
	}
	return nil
}
