package app

import (
	"context"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/jobs/runner"
	"gerai/internal/priority"
	"gerai/internal/shop"
)

// handlers adapts the shop's use cases to the runner.
func handlers(s *shop.Shop) map[jobs.Kind]runner.Handler {
	out := map[jobs.Kind]runner.Handler{}
	for kind, h := range s.Handlers() {
		out[kind] = h
	}
	return out
}

// Paces of the periodic tasks. The sweep is short because it is what finds a
// payment whose webhook was lost while the customer waits.
const (
	sweepEvery    = time.Second
	watchdogEvery = 20 * time.Second
	pingEvery     = 15 * time.Second
	observeEvery  = 30 * time.Second
	sessionsEvery = 30 * time.Second
	reviewEvery   = 30 * time.Second
	cleanEvery    = 5 * time.Minute
	anchorEvery   = 10 * time.Minute
	stockEvery    = time.Minute
	sumUpEvery    = 10 * time.Minute
	verifyEvery   = 15 * time.Second
	compareEvery  = 5 * time.Minute

	backupEvery     = time.Minute
	backupLookEvery = time.Hour
	recoverEvery    = 5 * time.Second
)

// outsideEvery is how soon a change by a command beside the shop is noticed.
const outsideEvery = time.Second

// noticeOutside tells the pages of changes that a command made in the database
// beside this process.
func (a *App) noticeOutside(ctx context.Context) error {
	changed, err := a.Store.ChangedOutside(ctx)
	if changed {
		a.Shop.Catalogue.CatalogueChanged(ctx)
	}
	return err
}

// urgent has a task go before orders that are being placed: the sweep finds payments whose
// webhook was lost, and writes one transaction after the other.
func urgent(run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return run(priority.With(ctx, priority.Urgent)) }
}

func (a *App) tasks() []runner.Task {
	s, o := a.Shop, a.Accounts
	return []runner.Task{
		{Name: "sweep", Every: sweepEvery, Run: urgent(s.SweepAll)},
		{Name: "watchdog", Every: watchdogEvery, Run: s.Watchdog},
		{Name: "check routers", Every: pingEvery, Run: s.Routers.CheckRouters},
		{Name: "review users", Every: reviewEvery, Run: s.Vouchers.ReviewUsers},
		{Name: "observe logins", Every: observeEvery, Run: s.Vouchers.ObserveLogins},
		{Name: "observe sessions", Every: sessionsEvery, Run: s.Vouchers.ObserveSessions},
		{Name: "review bans", Every: reviewEvery, Run: s.Vouchers.ReviewBans},
		{Name: "check stock", Every: stockEvery, Run: s.Vouchers.CheckStock},
		{Name: "keep batches", Every: stockEvery, Run: s.Stock.KeepBatches},
		{Name: "clean", Every: cleanEvery, Run: s.Clean},
		{Name: "anchor the audit trail", Every: anchorEvery, Run: o.Anchor},
		{Name: "verify the clock", Every: verifyEvery, Run: s.Vouchers.VerifyClock},
		{Name: "sum up days", Every: sumUpEvery, Run: s.Reports.SumUpDays},
		{Name: "schedule reconciliation", Every: compareEvery, Run: s.Reconciliation.Schedule},
		{Name: "schedule backups", Every: backupEvery, Run: s.Backups.Schedule},
		{Name: "recover", Every: recoverEvery, Run: s.Backups.Recover},
		{Name: "look at backups", Every: backupLookEvery, Run: s.Backups.Look},
		{Name: "announce", Every: announceEvery, Run: a.announce},
		{Name: "follow gateway keys", Every: followEvery, Run: s.Setup.Follow},
		{Name: "notice commands", Every: outsideEvery, Run: a.noticeOutside},
	}
}

// rescue makes work that was running when the process died waiting again at
// once. Only a database with a single process can do that; elsewhere leases
// run out.
func (a *App) rescue(ctx context.Context) error {
	if a.Store.Engine() != "sqlite" {
		return nil
	}
	return a.Shop.Rescue(ctx)
}
