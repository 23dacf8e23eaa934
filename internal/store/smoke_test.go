package store

import (
	"context"
	"os"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/secret"
)

func TestSmoke(t *testing.T) {
	keys, _ := secret.Parse(secret.Generate())
	dsn := "sqlite:" + t.TempDir() + "/x.db"
	if u := os.Getenv("SMOKE_PG"); u != "" {
		dsn = u
	}
	ctx := context.Background()
	s, err := Open(ctx, Options{Database: dsn, Keys: keys, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n, err := s.Migrate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("steps", n)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := catalog.Catalogue{Brand: catalog.DefaultBrand,
		Sites:   []catalog.Site{{ID: "s1", Slug: "s1", Name: "S"}},
		Routers: []catalog.Router{{Router: hotspot.Router{ID: "r1", Name: "r1", Address: "127.0.0.1:1", User: "u", Password: "p"}, SiteID: "s1"}},
		Plans:   []catalog.Plan{{ID: "p1", SiteID: "s1", Name: "1", Price: 5000, ValidFrom: "purchase", SharedUsers: 1}}}
	must(s.InTx(ctx, "t", func(tx *Tx) error {
		must(tx.PutCatalogue(ctx, c))
		must(tx.PutBrand(ctx, c.Brand))
		tx.Audit("a", "b", map[string]any{"x": 1})
		return nil
	}))
	got, err := s.Catalogue(ctx)
	must(err)
	if got.Routers[0].Password != "p" {
		t.Fatal("password")
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	o := order.Order{Code: "ABCDEFGH", Token: "0123456789012345678901234567890123456789", Nonce: "n", SiteID: "s1", Lang: "id", Item: c.Plans[0].Item(c.Sites[0]), Total: 5000,
		Username: "u", Password: "p", AttemptNo: 1, Status: order.Pending, CreatedAt: now, ExpiresAt: now.Add(time.Hour), Version: 1}
	must(s.InTx(ctx, "t", func(tx *Tx) error {
		o.ID = order.ID(tx.NewID())
		must(tx.InsertOrder(ctx, o))
		must(tx.InsertAttempt(ctx, order.Attempt{ID: tx.NewID(), OrderID: o.ID, No: 1, Method: "qris", Amount: 5000, Reference: "ABCDEFGH-1", Key: "k", State: order.Creating, ExpiresAt: now, CreatedAt: now}))
		must(tx.SetCheckAt(ctx, o.ID, now))
		must(tx.Enqueue(ctx, jobs.New{Kind: jobs.ChargeCreate, Queue: "gateway", Subject: string(o.ID), DueAt: now.Add(time.Second)}))
		must(tx.Enqueue(ctx, jobs.New{Kind: jobs.ChargeCreate, Queue: "gateway", Subject: string(o.ID), DueAt: now}))
		return nil
	}))
	err = s.InTx(ctx, "t", func(tx *Tx) error { x := o; x.ID = "z"; return tx.InsertOrder(ctx, x) })
	t.Log(err)
	due, err := s.DueQueues(ctx, now)
	must(err)
	if len(due) != 1 {
		t.Fatal(due)
	}
	must(s.InTx(ctx, "t", func(tx *Tx) error {
		j, found, err := tx.ClaimJob(ctx, "gateway", now, now.Add(time.Minute))
		must(err)
		t.Log(j, found)
		ok, err := tx.RetryJob(ctx, j, now, "x", true)
		t.Log(ok, err)
		cs, err := tx.ClaimChecks(ctx, now, now.Add(time.Second), 50)
		must(err)
		t.Log(len(cs))
		o2, _, err := tx.Facts(ctx, o.ID)
		must(err)
		must(tx.SaveOrder(ctx, o2))
		fresh, p, err := tx.InsertPayment(ctx, order.Payment{Gateway: "g", Key: "k", OrderID: o.ID, Amount: 5000, Currency: "IDR", PaidAt: now, RecordedAt: now})
		t.Log(fresh, p, err)
		fresh, p, err = tx.InsertPayment(ctx, order.Payment{Gateway: "g", Key: "k", OrderID: o.ID, Amount: 5000, Currency: "IDR", PaidAt: now, RecordedAt: now})
		t.Log(fresh, p, err)
		f, err := tx.InsertVoucher(ctx, Voucher{ID: "v", OrderID: o.ID, SiteID: "s1", PlanID: "p1", RouterID: "r1", Username: "u", State: "sold", SoldAt: now})
		t.Log(f, err)
		a, err := tx.OpenAlert(ctx, "k", "s", "d")
		t.Log(a, err)
		a, err = tx.OpenAlert(ctx, "k", "s", "d")
		t.Log(a, err)
		tx.Audit("x", "y", nil)
		tx.Audit("x", "y", nil)
		return err
	}))
	rows, err := s.VerifyAudit(ctx)
	t.Log(rows, err)
	must(err)
	for _, f := range []OrderFilter{{}, {Status: order.Pending}, {Attention: true}, {Search: "1234"}, {Search: "abcdefgh"}, {Before: Cursor{now.Add(time.Second), "z"}}} {
		l, err := s.ListOrders(ctx, f)
		t.Log(len(l), err)
		must(err)
	}
	nums, err := s.Numbers(ctx, now)
	t.Log(nums, err)
	must(err)
	must(s.InTx(ctx, "t", func(tx *Tx) error { _, err := tx.RescueAll(ctx); return err }))
	must(s.migrateDown(ctx))
}
