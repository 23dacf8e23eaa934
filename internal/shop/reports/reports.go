package reports

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/priority"
	"gerai/internal/report"
	"gerai/internal/store"
)

// longestReport bounds a report: ten years of days.
const longestReport = 3660

// Books is what reports are made of: money and orders of some days.
type Books struct {
	Cells []report.Cell
	Flows []report.Flow
}

// Books reads the money and the orders of the days of a filter that pass it.
// Days that are summed up come from their sums, all others from the raw rows.
// Errors: Invalid "report.range" at "from".
func (s *Service) Books(ctx context.Context, f report.Filter) (Books, error) {
	all, err := s.books(ctx, f.From, f.To)
	if err != nil {
		return all, err
	}
	out := Books{}
	for _, c := range report.At(all.Cells, s.Clock.Now()) {
		if f.Matches(c) {
			out.Cells = append(out.Cells, c)
		}
	}
	for _, x := range all.Flows {
		if f.MatchesFlow(x) {
			out.Flows = append(out.Flows, x)
		}
	}
	return out, nil
}

func (s *Service) books(ctx context.Context, from, to report.Day) (Books, error) {
	if from > to || from.Days(to) > longestReport {
		return Books{}, fault.AtField("from", "report.range")
	}
	from, to, any, err := s.lived(ctx, from, to)
	if err != nil || !any {
		return Books{}, err
	}
	believed, err := s.believed(ctx, from, to)
	if err != nil {
		return Books{}, err
	}
	out, err := s.summed(ctx, believed)
	if err != nil {
		return Books{}, fmt.Errorf("books %s to %s: %w", from, to, err)
	}
	for d := from; d <= to; d = d.Add(1) {
		if _, ok := believed[d]; ok {
			continue
		}
		day, err := s.rawDay(ctx, d, s.Clock.Now())
		if err != nil {
			return out, err
		}
		out.Cells, out.Flows = append(out.Cells, day.Cells...), append(out.Flows, day.Flows...)
	}
	return out, nil
}

// rawDay adds one day up from the raw rows, as it was at the instant now.
func (s *Service) rawDay(ctx context.Context, d report.Day, now time.Time) (out Books, err error) {
	if out.Cells, err = s.Store.DayCells(ctx, d, s.Zone, now); err != nil {
		return out, err
	}
	out.Flows, err = s.Store.DayFlows(ctx, d, s.Zone)
	return out, err
}

// lived cuts a range down to the days on which there can be anything.
func (s *Service) lived(ctx context.Context, from, to report.Day) (report.Day, report.Day, bool, error) {
	first, known, err := s.Store.FirstMoment(ctx)
	if err != nil || !known {
		return from, to, false, err
	}
	// A clock that was set back, or a gateway whose clock is ahead, puts money
	// into tomorrow.
	tomorrow := s.ThisDay().Add(1)
	from, to = max(from, report.DayOf(first, s.Zone)), min(to, tomorrow)
	return from, to, from <= to, nil
}

// believed are the days whose sums hold. A sum from the future was made by a
// clock that was ahead, perhaps of a day that is not over.
func (s *Service) believed(ctx context.Context, from, to report.Day) (map[report.Day]store.SummedDay, error) {
	days, err := s.Store.SummedDays(ctx, from, to, s.Zone)
	out := make(map[report.Day]store.SummedDay, len(days))
	for _, d := range days {
		if !d.MadeAt.After(s.Clock.Now()) {
			out[d.Day] = d
		}
	}
	return out, err
}

// ThisDay is the day it is now in the operator's time zone.
func (s *Service) ThisDay() report.Day { return report.DayOf(s.Clock.Now(), s.Zone) }

const (
	// sumsPerRun bounds one run of SumUpDays: a database that is new to sums
	// must not keep its only writer busy.
	sumsPerRun = 60
	// Sums of the last recheckDays are made again each recheckAfter, one in a
	// run, so that nothing that changed without a mark stays wrong for long.
	recheckDays  = 35
	recheckAfter = 24 * time.Hour
)

// SumUpDays sums up days that are over and not summed yet, or marked since, the
// newest first.
func (s *Service) SumUpDays(ctx context.Context) error {
	_, err := s.sumUp(priority.With(ctx, priority.Report), sumsPerRun)
	return err
}

// RebuildReports throws all sums away, makes them again and returns how many
// days that were.
func (s *Service) RebuildReports(ctx context.Context, by actor.Actor) (int, error) {
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("reports.rebuild", "reports", nil)
		return tx.DropSums(ctx)
	})
	if err != nil {
		return 0, fmt.Errorf("rebuild reports: %w", err)
	}
	return s.sumUp(ctx, longestReport)
}

func (s *Service) sumUp(ctx context.Context, limit int) (done int, err error) {
	now := s.Clock.Now()
	last := report.DayOf(now.Add(-store.SumAfter), s.Zone).Add(-1) // the day that was over two hours ago
	from, to, any, err := s.lived(ctx, last.Add(-longestReport+1), last)
	if err != nil || !any {
		return 0, err
	}
	believed, err := s.believed(ctx, from, to)
	if err != nil {
		return 0, err
	}
	for d := to; d >= from && done < limit; d = d.Add(-1) {
		made, ok := believed[d]
		if ok && (done > 0 || d.Days(to) > recheckDays || now.Sub(made.MadeAt) < recheckAfter) {
			continue
		}
		if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.SumUpDay(ctx, d, s.Zone) }); err != nil {
			return done, fmt.Errorf("sum up days: %w", err)
		}
		done++
	}
	return done, nil
}

// CheckReports compares the sums of every day with the raw rows and returns the
// days that differ and how many were compared.
func (s *Service) CheckReports(ctx context.Context) (wrong []report.Day, compared int, err error) {
	ctx = priority.With(ctx, priority.Report)
	from, to, any, err := s.lived(ctx, "2000-01-01", s.ThisDay())
	if err != nil || !any {
		return nil, 0, err
	}
	believed, err := s.believed(ctx, from, to)
	if err != nil {
		return nil, 0, err
	}
	for d := from; d <= to; d = d.Add(1) {
		made, ok := believed[d]
		if !ok {
			continue
		}
		same, err := s.sameDay(ctx, d, made.MadeAt)
		if err != nil {
			return wrong, compared, err
		}
		compared++
		if !same {
			wrong = append(wrong, d)
		}
	}
	return wrong, compared, nil
}

// sameDay compares a day's sums with its rows as they were when it was summed
// up: vouchers that came to their natural end since then are expected.
func (s *Service) sameDay(ctx context.Context, d report.Day, made time.Time) (bool, error) {
	raw, err := s.rawDay(ctx, d, made)
	if err != nil {
		return false, err
	}
	cells, err := s.Store.Cells(ctx, d, d)
	if err != nil {
		return false, err
	}
	flows, err := s.Store.Flows(ctx, d, d)
	return report.Same(raw.Cells, cells) && report.SameFlows(raw.Flows, flows), err
}
