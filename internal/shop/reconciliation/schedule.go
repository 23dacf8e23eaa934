package reconciliation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/report"
	"gerai/internal/store"
)

const (
	// nightly is when a day is compared, counted from the midnight that ends it: late enough
	// for the gateway's list, early enough for who opens the shop.
	nightly = 2 * time.Hour
	// lookBack is how many days the night looks at: those that were missed, and those whose
	// rows still change. Settlements take days, refunds and disputes weeks.
	lookBack = 35
	// changedWithin is how far back the night looks for what changed about older days. A
	// night that was missed does not lose it.
	changedWithin = 74 * time.Hour
	// longestRun bounds what one wish compares.
	longestRun = 62
)

// Schedule has compared what is due: each day in the night after it, again while rows of
// it are open or not settled, and older days about which something changed; and what the
// review of routers left to a person. Without work it only reads.
func (s *Service) Schedule(ctx context.Context) error {
	night := s.lastNight()
	last := report.DayOf(night, s.Zone).Add(-1)
	due, err := s.due(ctx, night, last)
	if err == nil && len(due) > 0 {
		err = s.ask(ctx, actor.Server, due)
	}
	if err == nil {
		err = s.compareAccess(ctx)
	}
	if err != nil {
		return fmt.Errorf("schedule reconciliation: %w", err)
	}
	return s.check(ctx, last)
}

// lastNight is the latest instant at which days were to be compared.
func (s *Service) lastNight() time.Time {
	night := s.today().Start(s.Zone).Add(nightly)
	if s.Clock.Now().Before(night) {
		return s.today().Add(-1).Start(s.Zone).Add(nightly)
	}
	return night
}

// due lists the days to compare now, oldest first.
func (s *Service) due(ctx context.Context, night time.Time, last report.Day) ([]report.Day, error) {
	first, known, err := s.Store.FirstMoment(ctx)
	if err != nil || !known {
		return nil, err
	}
	from := max(report.DayOf(first, s.Zone), last.Add(1-lookBack))
	days, err := s.changing(ctx, night, from)
	if err != nil {
		return nil, err
	}
	for d := from; d <= last; d = d.Add(1) {
		if _, changing := days[d]; !changing {
			days[d] = false // it only must not be missed
		}
	}
	order := slices.Sorted(maps.Keys(days))
	if len(order) == 0 {
		return nil, nil
	}
	asked, err := s.Store.ReconciliationDays(ctx, order[0], last)
	if err != nil {
		return nil, err
	}
	have := map[report.Day]store.ReconciliationDay{}
	for _, d := range asked {
		have[d.Day] = d
	}
	return slices.DeleteFunc(order, func(d report.Day) bool { return d > last || !s.isDue(have[d], d, night, days[d]) }), nil
}

// changing lists the days to compare again this night: those with rows that are not
// finished, and those of payments about which something was written since.
func (s *Service) changing(ctx context.Context, night time.Time, from report.Day) (map[report.Day]bool, error) {
	out := map[report.Day]bool{}
	unfinished, err := s.Store.UnfinishedDays(ctx, from)
	if err != nil {
		return nil, err
	}
	for _, d := range unfinished {
		out[d] = true
	}
	changed, err := s.Store.ChangedPayments(ctx, night.Add(-changedWithin), night.Add(-nightly))
	if err != nil {
		return nil, err
	}
	for _, at := range changed {
		out[report.DayOf(at, s.Zone)] = true
	}
	return out, nil
}

// isDue reports whether a day is to be compared. Its last comparison counts when it was
// made after the day ended and not in the future, as by a clock that was ahead.
func (s *Service) isDue(x store.ReconciliationDay, d report.Day, night time.Time, again bool) bool {
	now := s.Clock.Now()
	switch {
	case x.Day != "" && x.State != store.DayDone && !x.AskedAt.Before(night) && !x.AskedAt.After(now): // its job is at work
		return false
	case x.DoneAt.Before(d.End(s.Zone)), x.DoneAt.After(now):
		return true
	}
	return again && x.DoneAt.Before(night)
}

// ask has days compared from their beginning.
func (s *Service) ask(ctx context.Context, by actor.Actor, days []report.Day) error {
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error { return s.askIn(ctx, tx, by, days) })
}

func (s *Service) askIn(ctx context.Context, tx *store.Tx, by actor.Actor, days []report.Day) error {
	for _, d := range days {
		if err := tx.AskDay(ctx, d, by.AuditName); err != nil {
			return err
		}
		if err := s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.ReconciliationDay, Queue: jobs.QueueStatement, Subject: string(d), DueAt: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// Run has the days of a range compared now. Errors: Invalid "reconciliation.range" at "from".
func (s *Service) Run(ctx context.Context, by actor.Actor, from, to report.Day) error {
	to = min(to, s.today())
	if from > to || from.Days(to) > longestRun {
		return fault.AtField("from", "reconciliation.range")
	}
	var days []report.Day
	for d := from; d <= to; d = d.Add(1) {
		days = append(days, d)
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("reconciliation.run", "reconciliation:"+string(from), map[string]any{"from": string(from), "to": string(to)})
		return s.askIn(ctx, tx, by, days)
	})
	if err != nil {
		return fmt.Errorf("compare %s to %s: %w", from, to, err)
	}
	return nil
}
