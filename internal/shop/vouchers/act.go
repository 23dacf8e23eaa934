package vouchers

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// ActIn is a confirmed act of staff on one voucher.
type ActIn struct {
	ID     string
	Sites  []string // those the person works on, none means all
	Typed  string   // the voucher's name, typed
	Reason string
	Actor  actor.Actor
}

// errChanged is that a voucher is not any more what the act was decided by.
var errChanged = fault.New(fault.Conflict, "voucher.changed")

// act runs a confirmed act in one transaction: do decides by the facts and writes, and says
// what the audit trail keeps of it, nil where there is nothing to be done. Then the voucher's
// router is told in the background, however long it is away. Errors: NotFound
// "voucher.not_found", Invalid at "typed" or "reason", those of do.
func (s *Service) act(ctx context.Context, in ActIn, action string, do func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error)) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	once := func(tx *store.Tx) error {
		v, b, err := confirmed(ctx, tx, in)
		if err != nil {
			return err
		}
		return s.actOn(ctx, tx, v, b, action, why, jobs.RouterQueue, do)
	}
	for range ledger.Tries {
		if err = s.Store.InTx(ctx, in.Actor, once); !errors.Is(err, store.ErrOrderChanged) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%s of %s: %w", action, in.ID, err)
	}
	return nil
}

// actOn is act on a voucher that was read, in the caller's transaction; queue is that of its
// router where the word to it waits.
func (s *Service) actOn(ctx context.Context, tx *store.Tx, v store.Voucher, b store.Batch, action, why string, queue func(routerID string) string, do func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error)) error {
	f, err := s.factsIn(ctx, tx, v, b)
	if err != nil {
		return err
	}
	detail, err := do(tx, v, f)
	if err != nil || detail == nil {
		return err
	}
	if v, err = tx.VoucherByID(ctx, v.ID); err != nil {
		return err
	}
	detail["voucher"], detail["reason"] = v.ID, why
	if v.BatchID != "" {
		detail["batch"], detail["no"] = b.Code, v.No
	}
	tx.Audit(action, ledger.SubjectOf(v), detail)
	s.switched(tx, v)
	job := SwitchJob(tx, v)
	job.Queue = queue(v.RouterID)
	return s.ledger.Enqueue(ctx, tx, job)
}

// confirmed reads the voucher of a confirmed form, whose name was typed. Errors: NotFound
// "voucher.not_found", Invalid at "typed".
func confirmed(ctx context.Context, tx *store.Tx, in ActIn) (v store.Voucher, b store.Batch, err error) {
	v, err = tx.VoucherByID(ctx, in.ID)
	if err == nil && !ledger.Serves(in.Sites, v.SiteID) {
		err = store.ErrVoucherNotFound
	}
	if err == nil && v.BatchID != "" {
		b, err = tx.Batch(ctx, v.BatchID)
	}
	if err == nil {
		err = ledger.Confirmed(in.Typed, VoucherName(v, b))
	}
	return v, b, err
}

// factsIn is facts as a transaction reads them.
func (s *Service) factsIn(ctx context.Context, tx *store.Tx, v store.Voucher, b store.Batch) (voucher.Facts, error) {
	x := beside{batch: b}
	plans, err := tx.PlanDevices(ctx, []string{v.PlanID})
	if err != nil {
		return v.Facts(), err
	}
	x.devices = plans[v.PlanID]
	if v.OrderID == "" {
		return s.factsWith(v, x), nil
	}
	if x.order, err = tx.Order(ctx, v.OrderID); err != nil {
		return v.Facts(), err
	}
	if x.done, err = tx.Extensions(ctx, v.OrderID); err != nil {
		return v.Facts(), err
	}
	x.refunds, err = tx.Refunds(ctx, v.OrderID)
	return s.factsWith(v, x), err
}

// did is the answer of a guarded write of an act.
func did(done bool, err error, detail map[string]any) (map[string]any, error) {
	if err == nil && !done {
		err = errChanged
	}
	return detail, err
}
