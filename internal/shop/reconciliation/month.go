package reconciliation

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// ErrNoMonth: the month has no rows.
var ErrNoMonth = fault.New(fault.NotFound, "reconciliation.month_not_found")

// MonthView is a month with its sums: those of its rows, or those of the day that it was
// closed.
type MonthView struct {
	store.ReconciliationMonth
	State reconcile.MonthState
	May   error // why it cannot be closed, nil if it can
}

// Months lists the months that have rows, the newest first.
func (s *Service) Months(ctx context.Context) ([]MonthView, error) {
	all, err := s.Store.ReconciliationMonths(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]MonthView, 0, len(all))
	for _, m := range all {
		v, err := s.viewMonth(ctx, s.Store, m)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Month is one month. Errors: NotFound "reconciliation.month_not_found".
func (s *Service) Month(ctx context.Context, m reconcile.Month) (MonthView, error) {
	x, found, err := s.Store.ReconciliationMonth(ctx, m)
	if err == nil && !found {
		err = ErrNoMonth
	}
	if err != nil {
		return MonthView{}, err
	}
	return s.viewMonth(ctx, s.Store, x)
}

// reader is what a month's state is read from: the store, or a transaction that closes it.
type reader interface {
	FirstMoment(ctx context.Context) (time.Time, bool, error)
	ReconciliationDays(ctx context.Context, from, to report.Day) ([]store.ReconciliationDay, error)
	UnfinishedOfMonth(ctx context.Context, m reconcile.Month) (open, awaiting int64, err error)
	ReconciliationTotals(ctx context.Context, f store.ReconciliationFilter) (reconcile.Totals, error)
}

func (s *Service) viewMonth(ctx context.Context, r reader, m store.ReconciliationMonth) (v MonthView, err error) {
	v = MonthView{ReconciliationMonth: m, State: reconcile.MonthState{Month: m.Month, ClosedAt: m.ClosedAt}}
	if m.ClosedAt.IsZero() {
		if v.State.Open, v.State.Awaiting, err = r.UnfinishedOfMonth(ctx, m.Month); err == nil {
			v.State.Unread, err = s.unreadDays(ctx, r, m.Month)
		}
		if err == nil {
			v.Figures, err = r.ReconciliationTotals(ctx, store.ReconciliationFilter{Month: m.Month})
		}
	}
	v.May = reconcile.MayClose(v.State, s.today())
	return v, err
}

// unreadDays counts the days of a month that were not compared since they ended.
func (s *Service) unreadDays(ctx context.Context, r reader, m reconcile.Month) (int64, error) {
	first, known, err := r.FirstMoment(ctx)
	if err != nil || !known {
		return 0, err
	}
	from := max(m.First(), report.DayOf(first, s.Zone))
	days, err := r.ReconciliationDays(ctx, from, m.Last())
	if err != nil {
		return 0, err
	}
	n := int64(max(from.Days(m.Last()), 0))
	for _, d := range days {
		if !d.DoneAt.Before(d.Day.End(s.Zone)) && !d.DoneAt.After(s.Clock.Now()) {
			n--
		}
	}
	return n, nil
}

// CloseIn is a confirmed wish to close a month.
type CloseIn struct {
	Month  reconcile.Month
	Typed  string // the month, typed again
	Reason string
	Actor  actor.Actor
}

// CloseMonth closes a month: its rows and its figures change no more, and what is found out
// later stands in the month it is found in. Errors: Invalid at "typed" and "reason",
// NotFound "reconciliation.month_not_found", Conflict as of reconcile.MayClose.
func (s *Service) CloseMonth(ctx context.Context, in CloseIn) error {
	why, err := ledger.Reason(in.Reason)
	if err == nil {
		err = ledger.Confirmed(in.Typed, string(in.Month))
	}
	if err == nil {
		_, err = s.Month(ctx, in.Month)
	}
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, in.Actor, func(tx *store.Tx) error {
		locked, err := tx.LockMonths(ctx, []reconcile.Month{in.Month})
		if err != nil {
			return err
		}
		v, err := s.viewMonth(ctx, tx, locked[in.Month])
		if err == nil {
			err = v.May
		}
		if err != nil {
			return err
		}
		m := v.ReconciliationMonth
		m.ClosedBy, m.Why = in.Actor.AuditName, why
		tx.Audit("reconciliation.close_month", "month:"+string(in.Month), map[string]any{"reason": why, "figures": m.Figures})
		return tx.CloseMonth(ctx, m)
	})
	if err != nil {
		return fmt.Errorf("close month %s: %w", in.Month, err)
	}
	return nil
}
