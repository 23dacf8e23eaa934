package reconciliation

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/store"
)

// rowsPerWrite bounds one transaction: sales wait behind it on SQLite.
const rowsPerWrite = 300

// compare keeps the rows of a day and has the gateway asked about what the books lack. It
// returns about how many things it asks for the first time.
func (s *Service) compare(ctx context.Context, d report.Day) (asked int, err error) {
	f, err := s.facts(ctx, d)
	if err != nil {
		return 0, err
	}
	subjects := map[string]report.Day{}
	var rows []reconcile.Row
	for _, r := range reconcile.Match(f) {
		subjects[r.Subject] = r.Day
		if r.Day == d {
			rows = append(rows, r)
		}
	}
	if asked, err = s.followUp(ctx, f.Lines, rows); err != nil {
		return asked, err
	}
	for part := range slices.Chunk(rows, rowsPerWrite) {
		if err := s.keep(ctx, d, part); err != nil {
			return asked, err
		}
	}
	return asked, s.drop(ctx, d, subjects)
}

// months are those that rows of a day may be written into: its own, and while that one is
// closed the one it is now, or that a difference was found in.
func (s *Service) months(d report.Day, kept []store.ReconciliationRow) []reconcile.Month {
	out := []reconcile.Month{reconcile.MonthOf(d), reconcile.MonthOf(s.today())}
	for _, k := range kept {
		out = append(out, k.Month)
	}
	return out
}

// keep writes the rows that changed.
func (s *Service) keep(ctx context.Context, d report.Day, rows []reconcile.Row) error {
	subjects := make([]string, len(rows))
	for i, r := range rows {
		subjects[i] = r.Subject
	}
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		kept, err := tx.ReconciliationRowsOf(ctx, subjects)
		if err != nil {
			return err
		}
		closed, err := s.lock(ctx, tx, s.months(d, kept))
		if err != nil {
			return err
		}
		by := map[string][]store.ReconciliationRow{}
		for _, k := range kept {
			by[k.Subject] = append(by[k.Subject], k)
		}
		for _, r := range rows {
			if err := s.keepOne(ctx, tx, r, by[r.Subject], closed); err != nil {
				return err
			}
		}
		return nil
	})
}

// lock holds months and tells which are closed.
func (s *Service) lock(ctx context.Context, tx *store.Tx, months []reconcile.Month) (map[reconcile.Month]bool, error) {
	locked, err := tx.LockMonths(ctx, months)
	closed := map[reconcile.Month]bool{}
	for m, x := range locked {
		closed[m] = !x.ClosedAt.IsZero()
	}
	return closed, err
}

// keepOne writes one row into the month that it belongs to now.
func (s *Service) keepOne(ctx context.Context, tx *store.Tx, r reconcile.Row, kept []store.ReconciliationRow, closed map[reconcile.Month]bool) error {
	var frozen []reconcile.Row
	var open []store.ReconciliationRow
	slices.SortFunc(kept, func(a, b store.ReconciliationRow) int { return strings.Compare(string(a.Month), string(b.Month)) })
	for _, k := range kept {
		if closed[k.Month] {
			frozen = append(frozen, k.Row)
		} else {
			open = append(open, k)
		}
	}
	month := reconcile.MonthOf(r.Day)
	if closed[month] {
		if month = reconcile.MonthOf(s.today()); len(open) > 0 {
			month = open[0].Month // where the difference was found first
		}
	}
	diff, more := reconcile.Carry(r, frozen)
	for _, k := range open {
		if k.Month == month && more {
			if same(k.Row, diff) {
				return nil
			}
			continue
		}
		if err := s.dropOne(ctx, tx, k); err != nil { // its day moved into another month, or the difference is gone
			return err
		}
	}
	if !more {
		return nil
	}
	return tx.KeepReconciliation(ctx, month, diff)
}

// same reports whether a row is kept as it is already.
func same(a, b reconcile.Row) bool {
	if !a.At.Equal(b.At) || !a.SettlesAt.Equal(b.SettlesAt) || !slices.Equal(a.Lines, b.Lines) {
		return false
	}
	a.At, a.SettlesAt, a.Lines = b.At, b.SettlesAt, b.Lines
	return reflect.DeepEqual(a, b)
}

// drop removes the rows of a day that nothing stands behind any more: what they were about
// belongs to other rows. What a closed month keeps of them is taken back in another month.
func (s *Service) drop(ctx context.Context, d report.Day, subjects map[string]report.Day) error {
	return s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		kept, err := tx.ReconciliationRowsOn(ctx, d)
		if err != nil {
			return err
		}
		by := map[string][]store.ReconciliationRow{}
		for _, k := range kept {
			if subjects[k.Subject] != d && k.Kind != reconcile.AccessRow {
				by[k.Subject] = append(by[k.Subject], k)
			}
		}
		if len(by) == 0 {
			return nil
		}
		closed, err := s.lock(ctx, tx, s.months(d, kept))
		if err != nil {
			return err
		}
		for _, subject := range slices.Sorted(maps.Keys(by)) {
			if err := s.dropSubject(ctx, tx, by[subject], subjects[subject] != "", closed); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropSubject takes a subject from a day; moved says that it counts on another day now,
// whose own comparison carries the difference.
func (s *Service) dropSubject(ctx context.Context, tx *store.Tx, kept []store.ReconciliationRow, moved bool, closed map[reconcile.Month]bool) error {
	if !moved && slices.ContainsFunc(kept, func(k store.ReconciliationRow) bool { return closed[k.Month] }) {
		gone := kept[0].Row
		gone.State, gone.There, gone.Here, gone.Fee, gone.FeeExpected = reconcile.Corrected, 0, 0, 0, 0
		return s.keepOne(ctx, tx, gone, kept, closed)
	}
	for _, k := range kept {
		if closed[k.Month] {
			continue
		}
		if err := s.dropOne(ctx, tx, k); err != nil {
			return err
		}
	}
	return nil
}

// dropOne removes a row; what a person did to it stays in the audit trail.
func (s *Service) dropOne(ctx context.Context, tx *store.Tx, k store.ReconciliationRow) error {
	if k.OwnerID != "" || !k.ClosedAt.IsZero() {
		tx.Audit("reconciliation.drop", "reconciliation:"+k.ID, map[string]any{"subject": k.Subject, "month": string(k.Month), "state": string(k.State)})
	}
	return tx.DropReconciliation(ctx, k.ID)
}
