package vouchers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// RestoreIn is a confirmed wish that a router hold a voucher's user as our books want it, or
// those of all its vouchers.
type RestoreIn struct {
	ID     string   // of the voucher, or of the router
	Sites  []string // those the person works on, none means all
	Typed  string   // the name of it
	Reason string
	Actor  actor.Actor
}

// RestoreVoucher puts one voucher's user back on its router, whatever the router holds under
// its name: the person has seen what that is. Counters and the end of its validity do not
// move. Errors: NotFound "voucher.not_found", Invalid at "typed" or "reason", Conflict
// "voucher.ended" and "voucher.never_made", router faults.
func (s *Service) RestoreVoucher(ctx context.Context, in RestoreIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	f, err := s.VoucherDetail(ctx, in.Sites, in.ID)
	if err != nil {
		return err
	}
	if err := ledger.Confirmed(in.Typed, f.Name()); err != nil {
		return err
	}
	if err := s.restore(ctx, f.Voucher, in.Actor, why); err != nil {
		return fmt.Errorf("restore voucher %s: %w", in.ID, err)
	}
	return nil
}

func (s *Service) restore(ctx context.Context, row store.Voucher, by actor.Actor, why string) error {
	r, err := s.Store.Router(ctx, row.RouterID)
	if err != nil {
		return err
	}
	v := &review{Service: s, router: r, all: true, began: s.Clock.Now()}
	x := &suspect{Voucher: row, claimed: true}
	facts, err := s.factsOf(ctx, []store.Voucher{row})
	if err == nil {
		err = voucher.MayRestore(facts[0], v.began)
	}
	if err != nil {
		return err
	}
	x.know(facts[0], v.began)
	err = v.correct(ctx, []*suspect{x})
	switch {
	case err != nil:
	case x.err != nil:
		err = x.err
	case x.want != voucher.WantEnabled: // it ended in between, or a refund is under way
		err = fault.New(fault.Conflict, "voucher.ended")
	}
	if err != nil {
		return err
	}
	s.dropUsage(row.ID)
	s.rosters.rested(r.ID, row.ID)
	var found []voucher.Difference
	if x.added {
		found = []voucher.Difference{voucher.DiffMissing}
	} else {
		found = voucher.OfParts(x.changed)
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("voucher.restore", ledger.SubjectOf(x.Voucher), map[string]any{"router": r.ID, "username": x.PublicName(), "found": found, "reason": why})
		if _, err := tx.DropUserDifference(ctx, row.ID); err != nil {
			return err
		}
		left, err := tx.CountUserDifferences(ctx, r.ID)
		if err == nil && left == 0 {
			_, err = tx.CloseAlert(ctx, alertUsers, r.ID)
		}
		return err
	})
}

// RestoreUsers has a router hold the users of all its vouchers as our books want them, those
// too that were left to a person. It counts at once and is done in the background, however
// long the router is away. A foreign user of the same name stays as it is. Errors:
// NotFound "router.not_found", Invalid at "typed" or "reason".
func (s *Service) RestoreUsers(ctx context.Context, in RestoreIn) error {
	why, err := ledger.Reason(in.Reason)
	if err != nil {
		return err
	}
	r, err := s.routers.FindRouter(ctx, in.ID)
	if err == nil && !ledger.Serves(in.Sites, r.SiteID) {
		err = fault.New(fault.NotFound, "router.not_found")
	}
	if err == nil {
		err = ledger.Confirmed(in.Typed, r.Name)
	}
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		left, err := tx.CountUserDifferences(ctx, r.ID)
		if err != nil {
			return err
		}
		tx.Audit("router.users_restore", "router:"+r.ID, map[string]any{"differences": left, "reason": why})
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.UsersRestore, Queue: jobs.BulkQueue(r.ID), Subject: r.ID, DueAt: tx.Now()})
	})
	if err != nil {
		return fmt.Errorf("restore users of router %s: %w", in.ID, err)
	}
	return nil
}

// RestoreUsersJob is one pass of RestoreUsers; it goes on until nothing is left that the
// router takes.
func (s *Service) RestoreUsersJob(ctx context.Context, j jobs.Job) error {
	r, err := s.Store.Router(ctx, j.Subject)
	if err != nil {
		return err
	}
	base, lasts, told, err := s.reviewBase(ctx)
	if err != nil {
		return err
	}
	roster, free := s.rosters.take(r.ID)
	if !free {
		return &jobs.Snooze{After: time.Second, Err: hotspot.ErrBusy}
	}
	defer roster.busy.Unlock()
	v := &review{Service: s, router: r, roster: roster, ending: base, last: lasts[r.ID], told: told[r.ID], all: true, onePass: true}
	done, err := v.run(ctx)
	if err != nil {
		return s.RouterAway(ctx, j, r, fmt.Errorf("restore users of router %s: %w", r.ID, err))
	}
	if done.RouterID != "" {
		if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.NoteUserReview(ctx, done) }); err != nil {
			return err
		}
	}
	switch err := v.outcome.waits; {
	case err == nil:
		return s.ledger.RouterSeen(ctx, r)
	case errors.Is(err, hotspot.ErrBusy):
		return &jobs.Snooze{After: time.Second, Err: err}
	default:
		return s.RouterAway(ctx, j, r, fmt.Errorf("restore users of router %s: %w", r.ID, err))
	}
}
