package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// old writes rows as they were written before accounts were part of them.
func old(t *testing.T, s *store.Store, n int) {
	t.Helper()
	prev := ""
	for seq := 1; seq <= n; seq++ {
		text, err := json.Marshal([]any{seq, storetest.Start.UnixMilli(), "staff:siti", "order.cancel", "order:x", `{"from":"10.0.0.9","session":"abcd"}`, prev})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		hash := hex.EncodeToString(sum[:])
		store.Exec(t, s, `INSERT INTO audit (seq, at_ms, actor, action, subject, detail, prev_hash, hash) VALUES ($1, $2, 'staff:siti', 'order.cancel', 'order:x', $3, $4, $5)`,
			seq, storetest.Start.UnixMilli(), `{"from":"10.0.0.9","session":"abcd"}`, prev, hash)
		prev = hash
	}
	store.Exec(t, s, `UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1`, n, prev)
}

// A chain that began before accounts were noted goes on and stays sound; what is
// noted about the account cannot be changed, taken away or put into an old row.
func TestAnOldChainGoesOnWithAccounts(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		f.Must(store.MigrateDownTo(ctx, f.Store, 10))
		old(t, f.Store, 3)
		if _, err := f.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		under := store.WithOrigin(ctx, store.Origin{Address: "10.0.0.9", Session: "abcd", StaffID: "st1", Role: "kasir"})
		for range 3 {
			f.Must(f.InTx(under, actor.Named("staff:siti"), func(tx *store.Tx) error { tx.Audit("order.take", "order:x", nil); return nil }))
		}
		if rows, err := f.VerifyAudit(ctx); err != nil || rows != 7 { // one says that the chain is signed from there on
			t.Fatal(rows, err)
		}
		row, err := f.AuditAt(ctx, 5)
		f.Must(err)
		if row.StaffID != "st1" || row.Role != "kasir" || row.Actor != "staff:siti" {
			t.Errorf("%+v", row)
		}
		for what, change := range map[string][2]string{
			"another account":     {`UPDATE audit SET staff_id = 'st2' WHERE seq = 5`, `UPDATE audit SET staff_id = 'st1' WHERE seq = 5`},
			"another role":        {`UPDATE audit SET role = 'admin' WHERE seq = 5`, `UPDATE audit SET role = 'kasir' WHERE seq = 5`},
			"nobody":              {`UPDATE audit SET staff_id = '', role = '' WHERE seq = 5`, `UPDATE audit SET staff_id = 'st1', role = 'kasir' WHERE seq = 5`},
			"somebody in the old": {`UPDATE audit SET staff_id = 'st1' WHERE seq = 2`, `UPDATE audit SET staff_id = '' WHERE seq = 2`},
		} {
			store.Exec(t, f.Store, change[0])
			if _, err := f.VerifyAudit(ctx); err == nil {
				t.Errorf("%s: unnoticed", what)
			}
			store.Exec(t, f.Store, change[1])
		}
		if _, err := f.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}

// People are found by their account, names only in rows without one; pages
// leave nothing out.
func TestTheTrailOfAPerson(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		act := func(by, id string) {
			under := store.WithOrigin(ctx, store.Origin{StaffID: id})
			f.Must(f.InTx(under, actor.Named(by), func(tx *store.Tx) error { tx.Audit("act", "thing", nil); return nil }))
		}
		for range 5 {
			act("staff:siti", "")
			act("staff:siti", "st1")
			act("staff:rini", "st1")
			act("staff:siti", "st2") // another account took the name
		}
		for name, c := range map[string]struct {
			f    store.AuditFilter
			want int
		}{
			"account":          {store.AuditFilter{Staff: []string{"st1"}}, 10},
			"other account":    {store.AuditFilter{Staff: []string{"st2"}}, 5},
			"name":             {store.AuditFilter{Names: []string{"staff:siti"}}, 5},
			"account and name": {store.AuditFilter{Staff: []string{"st1"}, Names: []string{"staff:siti", "staff:rini"}}, 15},
			"all of them":      {store.AuditFilter{Staff: []string{"st1", "st2"}, Names: []string{"staff:siti"}}, 20},
			"and an act":       {store.AuditFilter{Staff: []string{"st1"}, Action: "nothing"}, 0},
		} {
			seen := map[int64]bool{}
			c.f.Limit = 3
			for last := int64(1 << 60); ; {
				page, err := f.SearchAudit(ctx, c.f)
				f.Must(err)
				for _, row := range page.Rows {
					if seen[row.Seq] || row.Seq >= last {
						t.Errorf("%s: row %d again", name, row.Seq)
					}
					seen[row.Seq], last = true, row.Seq
				}
				if c.f.Before = page.More; page.More == 0 {
					break
				}
			}
			if len(seen) != c.want {
				t.Errorf("%s: %d rows, want %d", name, len(seen), c.want)
			}
		}
	})
}

// A wait for the writer ends with its context.
func TestWaitingForTheWriterEnds(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	store.Hold(f.Store, func() {
		waiting, give := context.WithCancel(ctx)
		done := make(chan error, 1)
		go func() {
			done <- f.InTx(waiting, actor.Named("test"), func(*store.Tx) error { t.Error("it ran"); return nil })
		}()
		give()
		if err := <-done; !errors.Is(err, context.Canceled) || !fault.Is(err, fault.Internal) {
			t.Errorf("%v", err)
		}
	})
	f.Write(func(*store.Tx) error { return nil }) // the writer is free again
}

// An alert belongs to the site of what it is about.
func TestAlertsKnowTheirSite(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		f.Write(func(tx *store.Tx) error {
			_, err := tx.InsertRefund(ctx, refund(o))
			return err
		})
		open := func(kind, subject, about string) {
			f.Write(func(tx *store.Tx) error { _, err := tx.OpenAlertAbout(ctx, kind, subject, about, ""); return err })
		}
		for i, c := range []struct{ kind, about, site string }{{"stuck", string(o.ID), "s1"}, {"router_down", "r1", "s1"}, {"stock_low", "p1", "s1"}, {"job_dead", "f" + string(o.ID), "s1"},
			{"stuck", "p1", ""}, {"unmatched_money", "nothing", ""}} {
			f.Clock.Add(1)
			subject := fmt.Sprint("subject-", i)
			open(c.kind, subject, c.about)
			all, err := f.ListAlerts(ctx, store.AlertFilter{Kinds: []string{c.kind}, Limit: 50})
			f.Must(err)
			for _, a := range all {
				if a.Subject == subject && a.SiteID != c.site {
					t.Errorf("%s about %s is of site %q", c.kind, c.about, a.SiteID)
				}
			}
		}
		for name, c := range map[string]struct {
			f    store.AlertFilter
			want int
		}{"all": {store.AlertFilter{Kinds: []string{"stuck", "router_down", "unmatched_money"}}, 4}, "a site": {store.AlertFilter{Kinds: []string{"stuck", "router_down", "unmatched_money"}, Sites: []string{"s1", "s2"}}, 2},
			"another": {store.AlertFilter{Kinds: []string{"stuck", "router_down"}, Sites: []string{"s2"}}, 0}, "no kind": {store.AlertFilter{}, 0}, "closed": {store.AlertFilter{Kinds: []string{"stuck"}, Closed: true}, 0}} {
			if got, err := f.ListAlerts(ctx, c.f); err != nil || len(got) != c.want {
				t.Errorf("%s: %d %v, want %d", name, len(got), err, c.want)
			}
		}
	})
}

func TestAnAlertIsTakenOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		f.Write(func(tx *store.Tx) error { _, err := tx.OpenAlert(ctx, "router_down", "r1", ""); return err })
		open, err := f.OpenAlerts(ctx)
		f.Must(err)
		ack := func(id string, over bool) (done bool) {
			under := store.WithOrigin(ctx, store.Origin{StaffID: id})
			f.Must(f.InTx(under, actor.Named("staff:"+id), func(tx *store.Tx) (err error) {
				done, err = tx.AckAlert(ctx, open[0].ID, id, "saya ke sana", over)
				return err
			}))
			return done
		}
		if !ack("siti", false) || ack("budi", true) {
			t.Error("taken by both or by nobody")
		}
		a, err := f.Alert(ctx, open[0].ID)
		f.Must(err)
		if a.AckedID != "siti" || a.AckedBy != "siti" || a.Note != "saya ke sana" || a.AckedAt.IsZero() || !a.ClosedAt.IsZero() {
			t.Errorf("%+v", a)
		}
		f.Write(func(tx *store.Tx) error { _, err := tx.CloseAlert(ctx, "router_down", "r1"); return err })
		f.Write(func(tx *store.Tx) error { _, err := tx.OpenAlert(ctx, "router_down", "r1", ""); return err })
		if open, err = f.OpenAlerts(ctx); err != nil || len(open) != 1 || !open[0].AckedAt.IsZero() {
			t.Fatal(open, err)
		}
		if !ack("budi", true) {
			t.Error("not taken")
		}
		if a, err = f.Alert(ctx, open[0].ID); err != nil || a.ClosedAt.IsZero() {
			t.Errorf("%+v %v", a, err)
		}
	})
}

func refund(o order.Order) order.Refund {
	return order.Refund{ID: "f" + string(o.ID), OrderID: o.ID, PaymentKey: string(o.ID), Amount: 1, Reason: order.RefundExcess, DueAt: o.CreatedAt}
}
