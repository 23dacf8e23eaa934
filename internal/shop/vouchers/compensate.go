package vouchers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

const (
	// mostCompensated bounds what one compensation adds to a voucher.
	mostCompensated = 31 * 24 * time.Hour
	// oldestOutage is how long ago an outage may have begun.
	oldestOutage = 31 * 24 * time.Hour
	// compensationPart is how many vouchers are read at a time, compensationTime how long one
	// run of the job works.
	compensationPart = 50
	compensationTime = 6 * time.Second
)

// errPart is that the rest follows.
var errPart = errors.New("a part is done")

// CompensateIn is a confirmed compensation of all vouchers that were running in an outage.
type CompensateIn struct {
	SiteID   string
	RouterID string   // "" for all routers of the site
	Sites    []string // those the person works on, none means all
	Began    time.Time
	Ended    time.Time
	More     time.Duration
	Typed    string // the site's name, typed
	Reason   string
	Nonce    string
	Actor    actor.Actor
}

// CheckOutage says why an outage and the time for it cannot be compensated, or nil. Errors:
// Invalid at "from", "until" and "minutes".
func CheckOutage(began, ended time.Time, more time.Duration, now time.Time) error {
	switch {
	case began.IsZero() || now.Sub(began) > oldestOutage || began.After(now):
		return fault.AtField("from", "compensation.from")
	case !ended.After(began) || ended.After(now):
		return fault.AtField("until", "compensation.until")
	case more < time.Minute || more > mostCompensated:
		return fault.AtField("minutes", "compensation.minutes")
	}
	return nil
}

// Compensate has time added to every living voucher of a site that was running in an outage,
// once, in the background; a form that is sent twice counts once. Who has no end loses
// nothing and gets nothing. Errors: NotFound "site.not_found" and "router.not_found", Invalid
// at the fields of CheckOutage, "typed" and "reason", Conflict "compensation.none".
func (s *Service) Compensate(ctx context.Context, in CompensateIn) error {
	why, err := ledger.Reason(in.Reason)
	if err == nil {
		err = CheckOutage(in.Began, in.Ended, in.More, s.Clock.Now())
	}
	if err == nil && !ledger.ValidNonce(in.Nonce) {
		err = fault.AtField("nonce", "order.form_stale")
	}
	if err != nil {
		return err
	}
	site, err := s.Store.Site(ctx, in.SiteID)
	if err == nil && !ledger.Serves(in.Sites, site.ID) {
		err = store.ErrSiteNotFound
	}
	if err != nil {
		return err
	}
	if err := ledger.Confirmed(in.Typed, site.Name); err != nil {
		return err
	}
	if in.RouterID != "" {
		r, err := s.Store.Router(ctx, in.RouterID)
		if err == nil && r.SiteID != site.ID {
			err = store.ErrRouterNotFound
		}
		if err != nil {
			return err
		}
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		if _, found, err := tx.CompensationByNonce(ctx, in.Nonce); found || err != nil {
			return err
		}
		c := store.Compensation{ID: tx.NewID(), Nonce: in.Nonce, SiteID: site.ID, RouterID: in.RouterID, Began: in.Began, Ended: in.Ended, More: in.More, Reason: why, By: in.Actor.AuditName, At: tx.Now()}
		n, err := tx.InsertCompensation(ctx, c)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "compensation.none")
		}
		if err != nil {
			return err
		}
		tx.Audit("voucher.compensate", "site:"+site.ID, map[string]any{"compensation": c.ID, "router": c.RouterID, "from": c.Began, "until": c.Ended, "minutes": int64(c.More / time.Minute), "vouchers": n, "reason": why})
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.Compensate, Queue: jobs.QueueDefault, Subject: c.ID, DueAt: tx.Now()})
	})
	if err != nil {
		return fmt.Errorf("compensate site %s: %w", in.SiteID, err)
	}
	return nil
}

// CompensateJob adds the time to the vouchers of a compensation that wait for it, each in a
// transaction of its own that notes it: whenever it dies, the next run goes on.
func (s *Service) CompensateJob(ctx context.Context, j jobs.Job) error {
	c, err := s.Store.Compensation(ctx, j.Subject)
	if err != nil || !c.DoneAt.IsZero() {
		return err
	}
	until := clock.Elapsed(s.Clock) + compensationTime
	var first error // of the vouchers that wait on
	after, settled := "", false
	for {
		waiting, err := s.Store.CompensationWaiting(ctx, c.ID, after, compensationPart)
		if err != nil {
			return err
		}
		if len(waiting) == 0 && first != nil {
			return first
		}
		if len(waiting) == 0 {
			return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.EndCompensation(ctx, c.ID) })
		}
		for _, id := range waiting {
			after = id
			if err := s.compensate(ctx, c, id); err == nil {
				settled = true
			} else if first == nil {
				first = fmt.Errorf("compensate voucher %s: %w", id, err)
			}
			switch {
			case ctx.Err() != nil || clock.Elapsed(s.Clock) > until && !settled:
				return first
			case clock.Elapsed(s.Clock) > until:
				return &jobs.Snooze{Err: cmp.Or(first, errPart)}
			}
		}
	}
}

// compensate adds the time to one voucher, by the same act as staff do by hand. One that may
// not have it, because it ended since or cannot be read, is noted with the reason.
func (s *Service) compensate(ctx context.Context, c store.Compensation, id string) error {
	var err error
	for range ledger.Tries {
		err = s.Store.InTx(ctx, actor.Named(c.By), func(tx *store.Tx) error {
			fresh, err := tx.SettleCompensation(ctx, c.ID, id, store.CompensationGiven)
			if err != nil || !fresh {
				return err
			}
			v, err := tx.VoucherByID(ctx, id)
			if err != nil {
				return err
			}
			var b store.Batch
			if v.BatchID != "" {
				if b, err = tx.Batch(ctx, v.BatchID); err != nil {
					return err
				}
			}
			return s.actOn(ctx, tx, v, b, "voucher.grant", c.Reason, jobs.BulkQueue, func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error) {
				detail, err := grantTo(ctx, tx, v, f, voucher.Grant{Validity: c.More})
				if err == nil {
					detail["compensation"] = c.ID
				}
				return detail, err
			})
		})
		if !errors.Is(err, store.ErrOrderChanged) && !errors.Is(err, errChanged) {
			break
		}
	}
	if !neverGiven(err) {
		return err
	}
	code := fault.CodeOf(err)
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		_, err := tx.SettleCompensation(ctx, c.ID, id, code)
		return err
	})
}

// neverGiven reports whether an error says that a voucher can not have its time, also later.
func neverGiven(err error) bool {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid, fault.NotFound, fault.Denied, fault.Refused:
		return !errors.Is(err, store.ErrOrderChanged) && !errors.Is(err, errChanged)
	}
	return errors.Is(err, store.ErrUnreadable)
}
