package store_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
)

var ctx = context.Background()

func TestOrderRoundTrip(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		nonce := o.Nonce
		o.Nonce = "" // a hash is kept
		for name, read := range map[string]func() (order.Order, error){
			"id": func() (order.Order, error) { return f.Store.Order(ctx, o.ID) }, "token": func() (order.Order, error) { return f.OrderByToken(ctx, o.Token) },
			"code": func() (order.Order, error) { return f.OrderByCode(ctx, o.Code) }, "nonce": func() (order.Order, error) { return there(f.OrderByNonce(ctx, nonce)) },
			"reference": func() (order.Order, error) { return there(f.OrderByReference(ctx, string(o.Code)+"-1")) },
		} {
			if got, err := read(); err != nil || !reflect.DeepEqual(got, o) {
				t.Errorf("by %s:\n%+v\n%+v %v", name, got, o, err)
			}
		}
		found, ok, err := f.PendingOrderOfDevice(ctx, "s1", o.Hints.MAC, f.Clock.Now())
		if err != nil || !ok || found.ID != o.ID {
			t.Error(found.ID, ok, err)
		}
		if _, ok, err := f.PendingOrderOfDevice(ctx, "s1", "", f.Clock.Now()); ok || err != nil {
			t.Error("no device is no device", err)
		}
	})
}

func TestTakenNamesTheColumn(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		first := f.Insert()
		for column, change := range map[string]func(*order.Order){
			"code": func(o *order.Order) { o.Code = first.Code }, "token": func(o *order.Order) { o.Token = first.Token },
			"nonce": func(o *order.Order) { o.Nonce = first.Nonce }, "username": func(o *order.Order) { o.Username = first.Username },
		} {
			o := f.Order()
			change(&o)
			err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) })
			var taken *store.Taken
			if !errors.As(err, &taken) || taken.Column != column || fault.CodeOf(err) != "order.taken" {
				t.Errorf("%s: %v", column, err)
			}
		}
	})
}

func TestSavingIsGuarded(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		mine, theirs := o, o
		mine.Phone, theirs.Phone = "+6281", "+6282"
		f.Write(func(tx *store.Tx) error { return tx.SaveOrder(ctx, theirs) })
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveOrder(ctx, mine) }); fault.CodeOf(err) != "order.changed" {
			t.Fatal(err)
		}
		var won, lost int
		var mu sync.Mutex
		var all sync.WaitGroup
		now, err := f.Store.Order(ctx, o.ID)
		f.Must(err)
		for range 16 {
			all.Add(1)
			go func() {
				defer all.Done()
				err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveOrder(ctx, now) })
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case fault.CodeOf(err) == "order.changed":
					lost++
				default:
					t.Error(err)
				}
			}()
		}
		all.Wait()
		if won != 1 || lost != 15 {
			t.Fatalf("%d won, %d lost", won, lost)
		}
	})
}

// The schema repeats the rules: rows that the shop would never write are
// refused by the database itself.
func TestTheSchemaRefusesWrongRows(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		for name, change := range map[string]func(*order.Order){
			"less than nothing to pay": func(o *order.Order) { o.Total = -1 }, "unknown status": func(o *order.Order) { o.Status = "shiny" },
			"paid without a time": func(o *order.Order) { o.Status = order.Paid }, "activated without a time": func(o *order.Order) { o.Status = order.Activated },
			"expired without a time": func(o *order.Order) { o.Status = order.Expired }, "cancelled without a time": func(o *order.Order) { o.Status = order.Cancelled },
			"expires before it starts": func(o *order.Order) { o.ExpiresAt = o.CreatedAt }, "attention without its flag": func(o *order.Order) { o.Attention = order.ReasonUnderpaid },
			"flag without its reason": func(o *order.Order) { o.Flags = []order.Flag{order.FlagAttention} }, "short code": func(o *order.Order) { o.Code = "ABC" },
			"unknown site": func(o *order.Order) { o.SiteID = "nowhere" }, "unknown language": func(o *order.Order) { o.Lang = "fr" },
		} {
			o := f.Order()
			change(&o)
			if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) }); err == nil {
				t.Errorf("%s: accepted", name)
			}
		}
		o := f.Insert()
		for name, write := range map[string]func(tx *store.Tx) error{
			"open attempt without a code": func(tx *store.Tx) error {
				return tx.SaveAttempt(ctx, order.Attempt{ID: "a" + string(o.ID), State: order.Open, GatewayID: "pr-1"})
			},
			"refund of nothing": func(tx *store.Tx) error {
				_, err := tx.InsertRefund(ctx, order.Refund{ID: "f", OrderID: o.ID, PaymentKey: "k", Reason: order.RefundExcess, DueAt: f.Clock.Now()})
				return err
			},
			"sold voucher without an order": func(tx *store.Tx) error {
				_, err := tx.InsertVoucher(ctx, store.Voucher{ID: "v", SiteID: "s1", RouterID: "r1", PlanID: "p1", Username: "x", State: voucher.Sold, SoldAt: f.Clock.Now()}, time.Time{})
				return err
			},
		} {
			if err := f.InTx(ctx, actor.Named("test"), write); err == nil {
				t.Errorf("%s: accepted", name)
			}
		}
	})
}

func TestMoneyIsKeptOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		p := order.Payment{Gateway: "g", Key: "pr-1", Reference: "x", Method: "qris", Amount: 5000, Currency: "IDR", PaidAt: f.Clock.Now(), RecordedAt: f.Clock.Now()}
		f.Write(func(tx *store.Tx) error {
			fresh, _, err := tx.InsertPayment(ctx, p)
			if err != nil || !fresh {
				t.Error(fresh, err)
			}
			p.Amount = 9000
			fresh, stored, err := tx.InsertPayment(ctx, p)
			if err != nil || fresh || stored.Amount != 5000 {
				t.Error(fresh, stored, err)
			}
			return err
		})
		unmatched, err := f.UnmatchedPayments(ctx)
		if err != nil || len(unmatched) != 1 {
			t.Fatal(unmatched, err)
		}
		f.Write(func(tx *store.Tx) error {
			for i, id := range []order.ID{o.ID, "somebody-else"} {
				if matched, err := tx.MatchPayment(ctx, "g", "pr-1", id); err != nil || matched != (i == 0) {
					t.Error(id, matched, err)
				}
			}
			return tx.MarkDisputed(ctx, "g", "pr-1")
		})
		got, err := f.Payments(ctx, o.ID)
		if err != nil || len(got) != 1 || got[0].OrderID != o.ID || !got[0].Disputed || !got[0].PaidAt.Equal(f.Clock.Now()) {
			t.Fatal(got, err)
		}
		refund := order.Refund{ID: "f1", OrderID: o.ID, PaymentKey: "pr-1", Amount: 100, Reason: order.RefundExcess, DueAt: f.Clock.Now()}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				if fresh, err := tx.InsertRefund(ctx, refund); err != nil || fresh != (i == 0) {
					t.Error(fresh, err)
				}
				refund.ID = "f2"
			}
			for i := range 2 {
				if done, err := tx.FinishRefund(ctx, "f1"); err != nil || done != (i == 0) {
					t.Error(done, err)
				}
			}
			return nil
		})
		if queue, err := f.RefundQueue(ctx, nil, 10); err != nil || len(queue) != 0 {
			t.Fatal(queue, err)
		}
	})
}

func TestVouchers(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		v := store.Voucher{ID: "v1", OrderID: o.ID, SiteID: "s1", PlanID: "p1", RouterID: "r1", Username: o.Username, State: voucher.Sold, SoldAt: f.Clock.Now()}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				if fresh, err := tx.InsertVoucher(ctx, v, time.Time{}); err != nil || fresh != (i == 0) {
					t.Error(fresh, err)
				}
				v.ID, v.Username = "v2", "other"
			}
			return nil
		})
		v.ID, v.Username = "v1", o.Username
		waiting, err := f.WaitingVouchers(ctx, "r1", append(make([]string, 450), "Kam\xE9ra", "a\x00b", o.Username)) // among names of another code page
		if err != nil || len(waiting) != 1 || !reflect.DeepEqual(waiting[0], v) {
			t.Fatal(waiting, err)
		}
		_, facts, err := f.Facts(ctx, o.ID)
		if err != nil || facts.Activation == nil || facts.Activation.Username != o.Username {
			t.Fatal(facts, err)
		}
		f.Write(func(tx *store.Tx) error {
			v.State, v.FirstLoginAt = voucher.Active, f.Clock.Now()
			for i := range 2 {
				if saved, err := tx.SaveVoucher(ctx, v, voucher.Sold); err != nil || saved != (i == 0) {
					t.Error(saved, err)
				}
			}
			return nil
		})
		if live, err := f.LiveVouchers(ctx, "r1", voucher.Active, "", 10); err != nil || len(live) != 1 {
			t.Fatal(live, err)
		}
	})
}

func TestCatalogue(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		want := storetest.Catalogue()
		for range 2 {
			f.Write(func(tx *store.Tx) error { return tx.PutCatalogue(ctx, want) })
			got, err := f.Catalogue(ctx)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v\n%+v %v", got, want, err)
			}
		}
		// What is no longer named is hidden; a router without a password keeps its own.
		changed := want
		changed.Plans = want.Plans[:1]
		changed.Routers = append([]catalog.Router{}, want.Routers...)
		changed.Routers[0].Password = ""
		f.Write(func(tx *store.Tx) error { return tx.PutCatalogue(ctx, changed) })
		plan, err := f.Plan(ctx, "p2")
		r, routerErr := f.Router(ctx, "r1")
		if err != nil || !plan.Hidden || routerErr != nil || r.Password != "rahasia sekali" {
			t.Fatal(plan, err, routerErr)
		}
		f.Write(func(tx *store.Tx) error { return tx.PutCatalogue(ctx, catalog.Catalogue{}) })
		if routers, err := f.RoutersOf(ctx, "s1"); err != nil || len(routers) != 0 {
			t.Fatal("a disabled router is offered", err)
		}
	})
}

func TestSecretsAndRotation(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		if raw := store.RawPassword(t, f.Store, "r1"); strings.Contains(raw, "rahasia") || !strings.HasPrefix(raw, "v2:") {
			t.Fatal("stored readable")
		}
		before := store.RawPassword(t, f.Store, "r1")
		fresh := secret.Generate()
		rotated, err := secret.Parse(fresh + "," + f.KeyText)
		f.Must(err)
		store.SwapKeys(f.Store, rotated)
		for i, want := range []int{1, 0} {
			n, err := f.RotateKeys(ctx, actor.Named("test"))
			if err != nil || n.Sealed["routers"] != want {
				t.Errorf("round %d resealed %d %v", i, n.Sealed["routers"], err)
			}
		}
		only, err := secret.Parse(fresh)
		f.Must(err)
		store.SwapKeys(f.Store, only)
		if r, err := f.Router(ctx, "r1"); err != nil || r.Password != "rahasia sekali" || store.RawPassword(t, f.Store, "r1") == before {
			t.Fatal(err)
		}
		stranger, err := secret.Parse(secret.Generate())
		f.Must(err)
		store.SwapKeys(f.Store, stranger)
		if _, err := f.Router(ctx, "r1"); fault.CodeOf(err) != "router.password_unreadable" {
			t.Fatal(err)
		}
	})
}

func TestAuditChain(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Add(1)
			go func() {
				defer all.Done()
				f.Write(func(tx *store.Tx) error {
					tx.Audit("act", "subject", map[string]any{"n": i, "text": "kutip \" & <b>"})
					tx.Audit("act", "other", nil)
					return nil
				})
			}()
		}
		all.Wait()
		if rows, err := f.VerifyAudit(ctx); err != nil || rows != 40 {
			t.Fatal(rows, err)
		}
		trail, err := f.AuditOf(ctx, "subject")
		if err != nil || len(trail) != 20 || trail[0].Actor != "test" {
			t.Fatal(len(trail), err)
		}
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { tx.Audit("undone", "x", nil); return errors.New("no") }); err == nil {
			t.Fatal("committed")
		}
		if rows, err := f.VerifyAudit(ctx); err != nil || rows != 40 {
			t.Fatal("a rolled back act is in the trail", rows, err)
		}
		for _, tamper := range []string{`UPDATE audit SET detail = '{}' WHERE seq = 7`, `DELETE FROM audit WHERE seq = 9`, `DELETE FROM audit WHERE seq = 40`} {
			g := storetest.Open(t, fresh(t, f))
			for range 40 {
				g.Write(func(tx *store.Tx) error { tx.Audit("act", "s", map[string]any{"a": 1}); return nil })
			}
			store.Exec(t, g.Store, tamper)
			if _, err := g.VerifyAudit(ctx); err == nil {
				t.Errorf("%s: unnoticed", tamper)
			}
		}
	})
}

func TestListing(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		var all []order.Order
		for i := range 25 {
			if i%3 == 0 {
				f.Clock.Add(time.Millisecond)
			}
			all = append(all, f.Insert())
		}
		seen := map[order.ID]bool{}
		var cursor store.Cursor
		for {
			page, err := f.ListOrders(ctx, store.OrderFilter{Before: cursor, Limit: 7})
			f.Must(err)
			if len(page) == 0 {
				break
			}
			for _, o := range page {
				if seen[o.ID] {
					t.Fatal("twice")
				}
				seen[o.ID] = true
			}
			cursor = store.Cursor{CreatedAt: page[len(page)-1].CreatedAt, ID: page[len(page)-1].ID}
		}
		if len(seen) != 25 {
			t.Fatalf("%d of 25", len(seen))
		}
		for search, want := range map[string]int{string(all[3].Code): 1, strings.ToLower(all[3].Code.Pretty()): 1, all[4].Username: 1, string(all[5].Code) + "-1": 1, "7890": 25, "0812-3456-7890": 25, "789": 0, "'; DROP TABLE orders": 0, "%": 0, "\x00": 0} {
			got, err := f.ListOrders(ctx, store.OrderFilter{Search: search})
			if err != nil || len(got) != want {
				t.Errorf("%q: %d, want %d, %v", search, len(got), want, err)
			}
		}
		if n, err := f.Numbers(ctx, storetest.Start.Add(-time.Hour)); err != nil || n.Orders["pending"] != 25 {
			t.Fatal(n, err)
		}
	})
}
