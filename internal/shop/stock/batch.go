package stock

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// BatchIn is a filled-in form for new vouchers: one batch on each router.
type BatchIn struct {
	catalog.Batch
	Sites     []string // those the person works on, none means all
	PlanID    string
	RouterIDs []string
	Nonce     string
}

// CreateBatches writes the batches and queues their making; the same form
// posted again finds what it made. Errors: Invalid at "plan", "router",
// "nonce" or as of catalog.Batch.Validate.
func (s *Service) CreateBatches(ctx context.Context, by actor.Actor, in BatchIn) ([]store.Batch, error) {
	plan, site, routers, err := s.checkBatch(ctx, in)
	if err != nil {
		return nil, err
	}
	var made []store.Batch
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		made, err = tx.BatchesOfNonce(ctx, in.Nonce)
		if err != nil || len(made) > 0 {
			return err
		}
		for _, r := range routers {
			b, err := s.insertBatch(ctx, tx, by, in, plan, site, r)
			if err != nil {
				return err
			}
			made = append(made, b)
		}
		return nil
	})
	if errors.Is(err, store.ErrBatchTaken) { // by the same form, at the same moment
		made, err = s.Store.BatchesOfNonce(ctx, in.Nonce)
	}
	if err != nil {
		return nil, fmt.Errorf("create batches of plan %s: %w", in.PlanID, err)
	}
	return made, nil
}

func (s *Service) checkBatch(ctx context.Context, in BatchIn) (plan catalog.Plan, site catalog.Site, routers []catalog.Router, err error) {
	fail := func(err error) (catalog.Plan, catalog.Site, []catalog.Router, error) {
		return catalog.Plan{}, catalog.Site{}, nil, err
	}
	if !ledger.ValidNonce(in.Nonce) {
		return fail(fault.AtField("nonce", "order.form_stale"))
	}
	plan, err = s.Store.Plan(ctx, in.PlanID)
	if fault.Is(err, fault.NotFound) || (err == nil && (!ledger.Serves(in.Sites, plan.SiteID) || plan.Retired())) {
		return fail(fault.AtField("plan", "order.plan_unknown"))
	}
	if err != nil {
		return fail(err)
	}
	if site, err = s.Store.Site(ctx, plan.SiteID); err != nil {
		return fail(err)
	}
	all, err := s.Store.RoutersOf(ctx, site.ID)
	if err != nil {
		return fail(err)
	}
	for _, id := range in.RouterIDs {
		i := slices.IndexFunc(all, func(r catalog.Router) bool { return r.ID == id })
		if i < 0 || slices.ContainsFunc(routers, func(r catalog.Router) bool { return r.ID == id }) {
			return fail(fault.AtField("router", "batch.router"))
		}
		routers = append(routers, all[i])
	}
	if len(routers) == 0 {
		return fail(fault.AtField("router", "batch.router"))
	}
	return plan, site, routers, in.Validate()
}

func (s *Service) insertBatch(ctx context.Context, tx *store.Tx, by actor.Actor, in BatchIn, plan catalog.Plan, site catalog.Site, r catalog.Router) (b store.Batch, err error) {
	b = store.Batch{ID: tx.NewID(), Nonce: in.Nonce, SiteID: site.ID, RouterID: r.ID, PlanID: plan.ID, Item: in.Item(plan, site), Codes: in.Codes, Server: in.Server,
		Note: in.Note, Count: in.Count, State: voucher.BatchRunning, CreatedBy: by.AuditName, CreatedAt: tx.Now()}
	for range ledger.Tries {
		if b.Code, err = order.NewBatchCode(s.Random); err != nil {
			return b, err
		}
		b.Comment = s.batchComment(b)
		if err = tx.InsertBatch(ctx, b); !errors.Is(err, store.ErrBatchTaken) {
			break
		}
	}
	if err != nil {
		return b, err
	}
	tx.Audit("batch.create", "batch:"+b.ID, map[string]any{"code": b.Code, "plan": plan.ID, "router": r.ID, "count": b.Count, "mode": b.Mode,
		"charset": string(b.Charset), "length": b.Length, "price": int64(b.Item.Price)})
	return b, s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
}

// batchComment is the same for every voucher of a batch and has the shape
// Mikhmon gives its own (mode, three digits, date, note). Mikhmon takes the whole
// comment for the name of a batch and then lists, counts and prints exactly ours.
func (s *Service) batchComment(b store.Batch) string {
	mode := "vc"
	if b.Mode == catalog.ModePair {
		mode = "up"
	}
	note := ""
	if b.Note != "" {
		note = "." + b.Note
	}
	sum := sha256.Sum256([]byte(b.ID))
	return fmt.Sprintf("%s-%s-%s-%s%s%s", mode, order.Digits3(sum[:]), b.CreatedAt.In(s.Zone).Format("01.02.06"), ledger.BatchMark, b.Code, note)
}

// PauseBatch lets what is under way finish and starts nothing more. Errors:
// NotFound, Conflict "batch.not_running".
func (s *Service) PauseBatch(ctx context.Context, by actor.Actor, id string) error {
	return s.moveBatch(ctx, by, id, voucher.BatchPaused, voucher.MayPauseBatch)
}

// ResumeBatch goes on where a batch was paused or stopped. Errors: NotFound,
// Conflict "batch.not_paused".
func (s *Service) ResumeBatch(ctx context.Context, by actor.Actor, id string) error {
	return s.moveBatch(ctx, by, id, voucher.BatchRunning, voucher.MayResumeBatch)
}

// CancelBatch gives up what is not on the router yet; what is there stays in
// stock. Errors: NotFound, Conflict "batch.over".
func (s *Service) CancelBatch(ctx context.Context, by actor.Actor, id string) error {
	return s.moveBatch(ctx, by, id, voucher.BatchCancelled, voucher.MayCancelBatch)
}

func (s *Service) moveBatch(ctx context.Context, by actor.Actor, id string, state voucher.BatchState, may func(voucher.BatchState) error) error {
	from := slices.DeleteFunc(slices.Clone(voucher.BatchStates), func(x voucher.BatchState) bool { return may(x) != nil })
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		b, err := tx.Batch(ctx, id)
		if err != nil || b.State == state {
			return err // the same button twice
		}
		if err := may(b.State); err != nil {
			return err
		}
		moved, err := tx.MoveBatch(ctx, id, state, "", from...)
		if err == nil && !moved { // it was just finished or given up
			err = fault.New(fault.Conflict, "batch.over")
		}
		if err != nil {
			return err
		}
		tx.Audit("batch."+string(state), "batch:"+id, map[string]any{"code": b.Code, "from": string(b.State)})
		if _, err := tx.CloseAlert(ctx, "batch_stopped", id); err != nil || state == voucher.BatchPaused {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
	})
	if err != nil {
		return fmt.Errorf("move batch %s to %s: %w", id, state, err)
	}
	return nil
}
