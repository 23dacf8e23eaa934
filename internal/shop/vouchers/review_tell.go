package vouchers

import (
	"context"
	"fmt"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// alertUsers is about a router whose users are not as they should be, or were not when it
// was last looked. Its detail counts them by kind.
const alertUsers = "router_users"

// kinds are differences as they are kept.
func kinds(diffs []voucher.Difference) string {
	names := make([]string, len(diffs))
	for i, d := range diffs {
		names[i] = string(d)
	}
	return strings.Join(names, " ")
}

// counts are numbers of differences as they are kept: "missing=3 limits=1".
func counts(of map[voucher.Difference]int) string {
	var parts []string
	for _, d := range voucher.Differences {
		if n := of[d]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", d, n))
		}
	}
	return strings.Join(parts, " ")
}

// tell writes what a review found, if it is anything new: what was corrected into the audit
// trail of each voucher, what stays into the list of the router, and one alert with the
// counts, which ends with the first review that finds nothing.
func (v *review) tell(ctx context.Context) error {
	v.roster.forgetOld(v.began)
	o := &v.outcome
	if !o.found() && !v.told && v.roster.clean {
		return nil
	}
	noted, err := v.noted(ctx)
	if err != nil {
		return err
	}
	err = v.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		for id := range noted {
			if _, still := o.left[id]; still {
				continue
			}
			if _, err := tx.DropUserDifference(ctx, id); err != nil {
				return err
			}
		}
		for id, d := range o.left {
			if was := noted[id]; was.Kinds == d.Kinds && was.Why == d.Why {
				continue
			}
			if err := tx.NoteUserDifference(ctx, d); err != nil {
				return err
			}
		}
		for _, x := range o.fixed {
			v.audit(tx, x)
		}
		if !o.found() {
			_, err := tx.CloseAlert(ctx, alertUsers, v.router.ID)
			return err
		}
		opened, err := tx.OpenAlert(ctx, alertUsers, v.router.ID, counts(o.was))
		if err != nil || opened {
			return err
		}
		return tx.RetellAlert(ctx, alertUsers, v.router.ID, counts(o.was))
	})
	v.roster.clean = v.roster.clean || err == nil
	return err
}

// noted is what is noted of the router.
func (v *review) noted(ctx context.Context) (map[string]store.UserDifference, error) {
	out := map[string]store.UserDifference{}
	for after := ""; ; {
		page, err := v.Store.UserDifferences(ctx, v.router.ID, after, 500)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for _, d := range page {
			out[d.VoucherID] = d
		}
		after = page[len(page)-1].VoucherID
	}
}

// audit writes what was corrected of one voucher.
func (v *review) audit(tx *store.Tx, x *suspect) {
	if x.ofBatch() && x.has(voucher.DiffMissing) {
		return // its batch is made again, which is audited there
	}
	action := "voucher.correct"
	if x.has(voucher.DiffMissing) {
		action = "voucher.restore"
	}
	tx.Audit(action, ledger.SubjectOf(x.Voucher), map[string]any{"router": v.router.ID, "username": x.PublicName(), "found": x.diffs})
}

// remake has a batch's job make vouchers again that its router lost.
func (v *review) remake(ctx context.Context, batchID string, ids []string) error {
	err := v.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		b, err := tx.Batch(ctx, batchID)
		if err != nil {
			return err
		}
		if b.State == voucher.BatchCancelled { // what was never made stays given up
			if _, err := tx.DropUnmade(ctx, batchID); err != nil {
				return err
			}
			if err := tx.ShrinkBatch(ctx, batchID); err != nil {
				return err
			}
		}
		if err := tx.MarkMissing(ctx, ids); err != nil {
			return err
		}
		if _, err := tx.MoveBatch(ctx, batchID, voucher.BatchRunning, "", voucher.BatchDone, voucher.BatchCancelled); err != nil {
			return err
		}
		tx.Audit("batch.restore", "batch:"+batchID, map[string]any{"code": b.Code, "vouchers": len(ids)})
		return v.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
	})
	if err != nil {
		return fmt.Errorf("make users of batch %s again: %w", batchID, err)
	}
	return nil
}
