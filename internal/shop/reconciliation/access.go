package reconciliation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
)

// accessPage is how many differences are read at a time.
const accessPage = 500

// compareAccess keeps a row for each voucher that its router does not hold as the books
// want and that the review of routers leaves to a person, and ends the rows of those that
// are as they should be. The review compares every router twice a minute, so that nothing
// has to be read from a router here.
func (s *Service) compareAccess(ctx context.Context) error {
	wanted, err := s.access(ctx)
	if err != nil {
		return err
	}
	open, err := s.Store.OpenAccessRows(ctx)
	if err != nil {
		return err
	}
	changed, err := s.changedAccess(ctx, wanted)
	if err != nil {
		return err
	}
	for _, k := range open {
		if _, still := wanted[k.Subject]; !still {
			changed[k.Day] = append(changed[k.Day], k.Over())
		}
	}
	for day, rows := range changed {
		for part := range slices.Chunk(rows, rowsPerWrite) {
			if err := s.keep(ctx, day, part); err != nil {
				return fmt.Errorf("keep differences of routers: %w", err)
			}
		}
	}
	return nil
}

// access are the rows that there are to be, by subject.
func (s *Service) access(ctx context.Context) (map[string]reconcile.Row, error) {
	out := map[string]reconcile.Row{}
	for after := ""; ; {
		page, err := s.Store.AccessDifferences(ctx, after, accessPage)
		if err != nil {
			return nil, err
		}
		for _, x := range page {
			after = x.VoucherID
			r := reconcile.Access{VoucherID: x.VoucherID, RouterID: x.RouterID, SiteID: x.SiteID, OrderID: x.Voucher.OrderID, Name: vouchers.VoucherName(x.Voucher, x.Batch),
				Kinds: x.Kinds, Why: x.Why, Since: x.Since}.Row(s.Zone)
			out[r.Subject] = r
		}
		if len(page) < accessPage {
			return out, nil
		}
	}
}

// changedAccess are those of the rows that are not kept as they are, by day.
func (s *Service) changedAccess(ctx context.Context, wanted map[string]reconcile.Row) (map[report.Day][]reconcile.Row, error) {
	subjects := make([]string, 0, len(wanted))
	for subject := range wanted {
		subjects = append(subjects, subject)
	}
	kept, err := s.Store.ReconciliationRowsOf(ctx, subjects)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, k := range kept {
		have[k.Subject] = have[k.Subject] || same(k.Row, wanted[k.Subject])
	}
	out := map[report.Day][]reconcile.Row{}
	for subject, r := range wanted {
		if !have[subject] {
			out[r.Day] = append(out[r.Day], r)
		}
	}
	return out, nil
}

// RouterView is how far a router was compared with the books.
type RouterView struct {
	store.RouterState
	Seen  bool // it was compared
	At    time.Time
	Users int
	Left  int64 // differences that wait for a person
}

// Routers lists the routers in use with their latest comparison.
func (s *Service) Routers(ctx context.Context) ([]RouterView, error) {
	all, err := s.Store.RouterStates(ctx)
	if err != nil {
		return nil, err
	}
	reviews, err := s.Store.UserReviews(ctx)
	if err != nil {
		return nil, err
	}
	left, err := s.Store.CountDifferences(ctx)
	if err != nil {
		return nil, err
	}
	of := map[string]store.UserReview{}
	for _, x := range reviews {
		of[x.RouterID] = x
	}
	var out []RouterView
	for _, r := range all {
		if r.Disabled {
			continue
		}
		x, seen := of[r.ID]
		out = append(out, RouterView{RouterState: r, Seen: seen, At: x.At, Users: x.Users, Left: left[r.ID]})
	}
	return out, nil
}
