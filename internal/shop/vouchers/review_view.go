package vouchers

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// ReviewView is what is known of a router's users: when they were last compared with our
// books, what was found then, and what is left to a person.
type ReviewView struct {
	store.UserReview
	Seen      bool // there was a review
	Found     []DifferenceCount
	Corrected []DifferenceCount
	Left      int64
	Lines     []DifferenceLine
	Next      string // where the next page begins, "" at the end
	Restoring bool   // all of them are being put back
}

// DifferenceCount says how many users differ in one way.
type DifferenceCount struct {
	Kind voucher.Difference
	N    int
}

// DifferenceLine is a voucher whose user is not as it should be.
type DifferenceLine struct {
	ID, Name string
	State    voucher.State
	Kinds    []voucher.Difference
	Why      string // leftRemoved, leftRepeated or the code of a router's fault
	Since    time.Time
}

const differencesPage = 50

// RouterReview reads what is known of a router's users; after is where the list of
// differences goes on.
func (s *Service) RouterReview(ctx context.Context, routerID, after string) (ReviewView, error) {
	var v ReviewView
	var err error
	if v.UserReview, v.Seen, err = s.Store.UserReview(ctx, routerID); err != nil {
		return v, fmt.Errorf("review of router %s: %w", routerID, err)
	}
	v.Found, v.Corrected = ReadCounts(v.UserReview.Found), ReadCounts(v.UserReview.Corrected)
	if v.Left, err = s.Store.CountUserDifferences(ctx, routerID); err != nil {
		return v, err
	}
	if v.Restoring, err = s.Store.HasJob(ctx, jobs.UsersRestore, routerID); err != nil {
		return v, err
	}
	rows, err := s.Store.UserDifferences(ctx, routerID, after, differencesPage+1)
	if err != nil {
		return v, err
	}
	if len(rows) > differencesPage {
		rows = rows[:differencesPage]
		v.Next = rows[differencesPage-1].VoucherID
	}
	ids := make([]string, len(rows))
	for i, d := range rows {
		ids[i] = d.VoucherID
	}
	all, err := s.Store.VouchersOf(ctx, ids)
	if err != nil {
		return v, err
	}
	of := make(map[string]store.Voucher, len(all))
	for _, x := range all {
		of[x.ID] = x
	}
	for _, d := range rows {
		x := of[d.VoucherID]
		var b store.Batch
		if x.BatchID != "" {
			if b, err = s.Store.Batch(ctx, x.BatchID); err != nil {
				return v, err
			}
		}
		v.Lines = append(v.Lines, DifferenceLine{ID: x.ID, Name: VoucherName(x, b), State: x.State, Kinds: ReadKinds(d.Kinds), Why: d.Why, Since: d.Since})
	}
	return v, nil
}

// ReadKinds reads what kinds wrote: "missing limits".
func ReadKinds(text string) (out []voucher.Difference) {
	for _, name := range strings.Fields(text) {
		out = append(out, voucher.Difference(name))
	}
	return out
}

// ReadCounts reads what an alert about a router's users counts: "missing=3 limits=1".
func ReadCounts(text string) (out []DifferenceCount) {
	for _, part := range strings.Fields(text) {
		name, number, _ := strings.Cut(part, "=")
		if n, err := strconv.Atoi(number); err == nil {
			out = append(out, DifferenceCount{voucher.Difference(name), n})
		}
	}
	return out
}
