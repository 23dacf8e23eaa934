package backups

import (
	"cmp"
	"context"
	"slices"

	"gerai/internal/backup"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// RecoveryState is how things stand with the recovery after the last restore.
type RecoveryState struct {
	backup.Recovery
	Sums    []store.RecoverySum
	Rows    []store.FoundLine // those that deserve a look: open ones, then those without an order, remade and adopted ones
	Skipped []backup.SkippedReceipts
	Open    int64 // payments and refunds without a place
	// Undecided counts the users that tell of each forgotten act, also of those that are not in Rows.
	Undecided map[voucher.LostAct]int
}

// shownRows is how much of each kind and state is read.
const shownRows = 100

// shownStates are the states whose rows are listed, in this order.
var shownStates = []string{backup.FoundOpen, backup.FoundUnmatched, backup.FoundUnconfirmed, backup.FoundAdopted, backup.FoundRemade, backup.FoundMatched}

// RecoveryState reads what was found since the last restore; the zero value for a shop
// that was never restored.
func (s *Service) RecoveryState(ctx context.Context) (st RecoveryState, err error) {
	if st.Recovery, err = s.LookAtRecovery(ctx); err != nil || st.Since.IsZero() {
		return st, err
	}
	if st.Sums, err = s.Store.RecoverySums(ctx, st.Since); err != nil {
		return st, err
	}
	if st.Skipped, err = s.Store.ReceiptSkips(ctx); err != nil {
		return st, err
	}
	st.Open = openRows(st.Sums)
	if st.Rows, err = s.Store.FoundLines(ctx, st.Since, shownRows); err != nil {
		return st, err
	}
	users, err := s.Store.UndecidedUsers(ctx, st.Since)
	if err != nil {
		return st, err
	}
	st.Undecided = map[voucher.LostAct]int{}
	for _, x := range users {
		st.Undecided[x.Act]++
	}
	place := func(x store.FoundLine) int { return slices.Index(shownStates, x.State) }
	slices.SortStableFunc(st.Rows, func(a, b store.FoundLine) int { return cmp.Compare(place(a), place(b)) })
	for i, x := range st.Rows {
		if x.State == backup.FoundAdopted && x.Settled {
			st.Rows[i].State = backup.FoundRecorded
		}
	}
	return st, nil
}

// MayEnd reports whether a person may end the recovery now.
func (st RecoveryState) MayEnd() bool { return st.Recovery.MayEnd(st.Open) == nil }
