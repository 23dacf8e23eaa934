package shoptest

import (
	"context"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// Alerts lists the kinds of open alerts.
func (k *Harness) Alerts() []string {
	k.Helper()
	all, err := k.Store.OpenAlerts(context.Background())
	k.Must(err)
	var out []string
	for _, a := range all {
		out = append(out, a.Kind)
	}
	return slices.Compact(out)
}

// OpenAlert opens an alert directly, where another test covers how it comes about.
func (k *Harness) OpenAlert(kind, subject, detail string) {
	k.Helper()
	ctx := context.Background()
	k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { _, err := tx.OpenAlert(ctx, kind, subject, detail); return err }))
}

// WantAlert fails unless an alert of the kind is open.
func (k *Harness) WantAlert(kind string) {
	k.Helper()
	for _, have := range k.Alerts() {
		if have == kind {
			return
		}
	}
	k.Fatalf("no alert %q, open are %v", kind, k.Alerts())
}

// WantNoAlerts fails if an alert is open.
func (k *Harness) WantNoAlerts() {
	k.Helper()
	if open := k.Alerts(); len(open) > 0 {
		k.Fatalf("alerts open: %v", open)
	}
}

// AdvanceWatched advances the clock with the watchdog running.
func (k *Harness) AdvanceWatched(d time.Duration) {
	k.Helper()
	for ; d > 0; d -= 20 * time.Second {
		k.Advance(20 * time.Second)
		k.Must(k.Shop.Watchdog(context.Background()))
	}
}
