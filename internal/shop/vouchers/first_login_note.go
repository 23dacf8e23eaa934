package vouchers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// login is the first login of a voucher that waits for it.
type login struct {
	store.Voucher
	at    time.Time
	batch store.Batch // of a voucher that was sold on paper
}

// subject names it in errors.
func (l login) subject() string {
	if l.OrderID != "" {
		return "order " + string(l.OrderID)
	}
	return "voucher " + l.ID
}

const (
	// loginsAtOnce is how many first logins share a transaction.
	loginsAtOnce = 200
	// mostLost is how many of them may fail before the rest are noted one by one: each has
	// those before it written again.
	mostLost = 3
)

// noteLogins notes first logins, many in one transaction. One that fails takes none of the
// others with it.
func (s *Service) noteLogins(ctx context.Context, all []login) error {
	batches := map[string]store.Batch{}
	var errs []error
	for i, l := range all {
		if l.OrderID != "" {
			continue
		}
		b, read := batches[l.BatchID]
		if !read {
			var err error
			if b, err = s.Store.Batch(ctx, l.BatchID); err != nil {
				return err
			}
			batches[l.BatchID] = b
		}
		all[i].batch = b
	}
	// In one order everywhere, so that two processes do not wait for each other.
	slices.SortFunc(all, func(a, b login) int { return cmp.Or(cmp.Compare(a.OrderID, b.OrderID), cmp.Compare(a.ID, b.ID)) })
	for part := range slices.Chunk(all, loginsAtOnce) {
		if err := s.noteTogether(ctx, part); err != nil {
			errs = append(errs, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(errs...)
}

// noteTogether notes first logins in one transaction, and in one more without the one that
// fails for each of those. What failed is tried once more alone: it may have lost a race.
func (s *Service) noteTogether(ctx context.Context, part []login) error {
	var errs []error
	lost := 0
	for len(part) > 0 {
		failed := -1
		err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			for i, l := range part {
				if err := s.noteLogin(ctx, tx, l); err != nil {
					failed = i
					return err
				}
			}
			failed = -1
			return nil
		})
		if err == nil {
			for _, l := range part {
				s.dropUsage(l.ID)
			}
			break
		}
		if failed < 0 || ctx.Err() != nil || fault.Is(err, fault.Unavailable) {
			return errors.Join(append(errs, fmt.Errorf("note %d first logins: %w", len(part), err))...)
		}
		alone := part[failed : failed+1]
		if part = slices.Concat(part[:failed], part[failed+1:]); lost == mostLost {
			alone, part = slices.Concat(alone, part), nil
		}
		lost++
		for _, l := range alone {
			if err := s.noteAlone(ctx, l); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Service) noteAlone(ctx context.Context, l login) error {
	var err error
	for range ledger.Tries {
		err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return s.noteLogin(ctx, tx, l) })
		if !errors.Is(err, store.ErrOrderChanged) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("note first login of %s: %w", l.subject(), err)
	}
	s.dropUsage(l.ID)
	return nil
}

// noteLogin notes one first login.
func (s *Service) noteLogin(ctx context.Context, tx *store.Tx, l login) error {
	if l.OrderID == "" {
		return s.stockLogin(ctx, tx, l)
	}
	at := ledger.Later(l.at, l.SoldAt) // a router clock cannot make it earlier than the sale
	return s.ledger.ChangeIn(ctx, tx, "voucher.first_login", l.OrderID, func(tx *store.Tx, o *order.Order) error {
		v, found, err := tx.Voucher(ctx, o.ID) // it may have been extended since it was listed
		if err != nil || !found {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		v.State, v.FirstLoginAt = voucher.Active, at
		done, err := tx.Extensions(ctx, o.ID)
		if err != nil {
			return err
		}
		f := WithItem(v, o.Item, done...)
		if until := f.EndsAt(); f.CountsFromLogin() && !until.IsZero() {
			v.ValidUntil, o.ValidUntil = until, until
			if err := s.ledger.Enqueue(ctx, tx, ExpiryJob(o.ID, v.RouterID, v.ValidUntil)); err != nil {
				return err
			}
		}
		saved, err := tx.SaveVoucher(ctx, v, voucher.Sold)
		if err != nil || !saved {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		return s.ledger.NoteClock(ctx, tx, store.ErrorLogin, v.ID)
	})
}

// stockLogin records the first login of a voucher that was sold on paper. The time of
// its sale is unknown, so validity counts from now, whatever the plan says.
func (s *Service) stockLogin(ctx context.Context, tx *store.Tx, l login) error {
	v, at := l.Voucher, ledger.Later(l.at, l.batch.CreatedAt)
	used := v
	used.FirstLoginAt = at
	until := WithItem(used, l.batch.Item).EndsAt()
	moved, err := tx.ActivateStock(ctx, v, at, until)
	if err != nil || !moved {
		return err // it was sold at the counter a moment ago: the next look sees the order
	}
	if err := s.ledger.NoteClock(ctx, tx, store.ErrorLogin, v.ID); err != nil {
		return err
	}
	tx.Audit("voucher.first_login", ledger.SubjectOf(v), map[string]any{"username": v.PublicName(), "batch": l.batch.Code, "no": v.No})
	if until.IsZero() {
		return nil
	}
	return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.StockExpire, Queue: jobs.RouterQueue(v.RouterID), Subject: v.ID, DueAt: until})
}
