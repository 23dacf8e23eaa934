package backups

import (
	"context"
	"slices"

	"gerai/internal/backup"
	"gerai/internal/store"
)

// RecoveryState is how things stand with the recovery after the last restore.
type RecoveryState struct {
	backup.Recovery
	Sums    []store.RecoverySum
	Rows    []store.RecoveryRow // those that deserve a look: open ones, then those without an order, remade and adopted ones
	Codes   map[string]string   // of the rows' orders, by id
	Skipped []backup.SkippedReceipts
	Open    int64 // payments and refunds without a place
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
	for _, state := range shownStates {
		for _, kind := range []string{backup.FoundPayment, backup.FoundRefund, backup.FoundUser} {
			rows, err := s.Store.RecoveryRows(ctx, st.Since, kind, state, shownRows)
			if err != nil {
				return st, err
			}
			st.Rows = append(st.Rows, rows...)
		}
	}
	if st.Codes, err = s.codesOf(ctx, st.Rows); err != nil {
		return st, err
	}
	return st, s.markRecorded(ctx, st.Rows)
}

// markRecorded says of adopted users whether their money was recorded since.
func (s *Service) markRecorded(ctx context.Context, rows []store.RecoveryRow) error {
	for i, x := range rows {
		if x.State != backup.FoundAdopted {
			continue
		}
		taken, err := s.Store.CounterPayments(ctx, x.OrderID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(taken, func(c store.CounterPayment) bool { return !c.Receivable().Received() && c.WrittenOffAt.IsZero() }) {
			rows[i].State = backup.FoundRecorded
		}
	}
	return nil
}

func (s *Service) codesOf(ctx context.Context, rows []store.RecoveryRow) (map[string]string, error) {
	out := map[string]string{}
	for _, x := range rows {
		if x.OrderID == "" {
			continue
		}
		o, err := s.Store.Order(ctx, x.OrderID)
		if err != nil {
			return nil, err
		}
		out[string(x.OrderID)] = string(o.Code)
	}
	return out, nil
}

// MayEnd reports whether a person may end the recovery now.
func (st RecoveryState) MayEnd() bool { return st.Recovery.MayEnd(st.Open) == nil }
