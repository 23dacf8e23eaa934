package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// bytesOf is what who steals the database has: the files of SQLite, a dump of PostgreSQL.
func bytesOf(t *testing.T, database string) string {
	t.Helper()
	path, isFile := strings.CutPrefix(database, "sqlite:")
	if !isFile {
		dump, err := exec.CommandContext(ctx, "pg_dump", "--inserts", database).Output()
		if err != nil {
			t.Fatal("pg_dump:", err)
		}
		return string(dump)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func wantHidden(t *testing.T, database string, secrets ...string) {
	t.Helper()
	all := bytesOf(t, database)
	for _, s := range secrets {
		if s != "" && strings.Contains(all, s) {
			t.Errorf("the database gives %q away", s)
		}
	}
}

// sold is a shop with something of each kind to hide.
func sold(f *storetest.Fixture) (o order.Order, same, pair store.Voucher, hidden []string) {
	o = f.Order()
	o.Token, o.Phone, o.Password, o.Nonce = "", "+6281998877665", "geheim2345", "formulir-sekali-pakai"
	same = store.Voucher{ID: "v1", SiteID: "s1", PlanID: "p1", RouterID: "r1", Username: "KODESAMA77", BatchID: "b1", No: 1, Password: "KODESAMA77"}
	pair = store.Voucher{ID: "v2", SiteID: "s1", PlanID: "p1", RouterID: "r1", Username: "namapakai1", BatchID: "b1", No: 2, Password: "998811"}
	from := o
	from.ID, from.Code, from.Nonce, from.Username, from.Password = "ostock", "ZZZZZZZ2", "nstock", same.Username, same.Password
	f.Write(func(tx *store.Tx) error {
		o.Token = tx.OrderToken(o.Code)
		from.Token = tx.OrderToken(from.Code)
		return errors.Join(tx.InsertOrder(ctx, o), tx.InsertOrder(ctx, from),
			tx.InsertStaff(ctx, store.Staff{ID: "st1", Name: "siti", Role: "kasir", PasswordHash: "x", CreatedAt: tx.Now()}),
			tx.InsertBatch(ctx, store.Batch{ID: "b1", Code: "K7M4XQ", Nonce: "bn", SiteID: "s1", RouterID: "r1", PlanID: "p1", Item: o.Item, Codes: catalog.Codes{Mode: catalog.ModeSame, Charset: "abc", Length: 7}, Comment: "c", Count: 2, State: "running", CreatedBy: "x", CreatedAt: tx.Now()}),
			tx.InsertStock(ctx, []store.Voucher{same, pair}),
			tx.InsertOutlet(ctx, store.Outlet{ID: "ou", Name: "Warung", Phone: "+6281777666555", CreatedAt: tx.Now()}),
			tx.PutSavedFilter(ctx, store.SavedFilter{StaffID: "st1", Name: "langganan", Query: "q=081555444333"}),
			tx.PutSavedFilter(ctx, store.SavedFilter{StaffID: "st1", Name: "langganan", Query: "q=081555444332"}),
			tx.PutGatewayKeys(ctx, store.GatewayKeys{Gateway: "xendit", Key: "xnd_production_kuncibesar", Tokens: []string{"tokenwebhooklama"}, Live: true}))
	})
	f.Write(func(tx *store.Tx) error {
		_, err := tx.InsertExtension(ctx, store.Extension{OrderID: o.ID, VoucherOrder: from.ID, RouterID: "r1", Username: same.Username, At: tx.Now()})
		_, passErr := tx.InsertPass(ctx, store.Pass{OrderID: o.ID, SiteID: "s1", RouterID: "r1", MAC: "AA", Phone: o.Phone, Username: "gp-1", StartedAt: tx.Now(), EndsAt: tx.Now().Add(time.Minute)})
		return errors.Join(err, passErr)
	})
	return o, same, pair, []string{string(o.Token), string(from.Token), "81998877665", "geheim2345", "KODESAMA77", "998811", "81777666555", "rahasia sekali", o.Nonce, "81555444333", "81555444332", "kuncibesar", "tokenwebhooklama"}
}

// wantReadable fails unless a store with the keys reads everything back and finds it.
func wantReadable(t *testing.T, s *store.Store, o order.Order, same, pair store.Voucher) {
	t.Helper()
	got, err := s.OrderByToken(ctx, o.Token)
	if err != nil || got.ID != o.ID || got.Token != o.Token || got.Phone != o.Phone || got.Password != o.Password || got.Username != o.Username {
		t.Errorf("order by its link: %+v %v", got, err)
	}
	for search, want := range map[string]int{"081998877665": 2, "7665": 2, "877665": 2, "8877666": 0, "1665": 0, strings.ToLower(same.Username): 1, o.Username: 1} {
		found, err := s.ListOrders(ctx, store.OrderFilter{Search: search})
		if err != nil || len(found) != want {
			t.Errorf("search of %s: %d orders, want %d (%v)", search, len(found), want, err)
		}
	}
	for _, v := range []store.Voucher{same, pair} {
		got, found, err := s.VoucherByName(ctx, v.Username)
		if err != nil || !found || got.ID != v.ID || got.Password != v.Password || got.Username != v.Username {
			t.Errorf("voucher by its name: %+v %v %v", got, found, err)
		}
		list, err := s.FindVouchers(ctx, store.VoucherFilter{Name: strings.ToLower(v.Username)})
		if err != nil || len(list) != 1 || list[0].Username != v.Username {
			t.Errorf("search of vouchers: %+v %v", list, err)
		}
		sales, err := s.Sales(ctx, []string{v.Username, "lain"})
		if err != nil || len(sales) != 1 || sales[v.Username].Username != v.Username {
			t.Errorf("users of a router: %+v %v", sales, err)
		}
		waiting, err := s.WaitingVouchers(ctx, "r1", []string{v.Username, "lain"})
		if err != nil || len(waiting) != 1 || waiting[0].Password != v.Password {
			t.Errorf("waiting: %+v %v", waiting, err)
		}
	}
	used, err := s.NamesInUse(ctx, []string{same.Username, pair.Username, "lain"})
	if err != nil || len(used) != 2 || !used[same.Username] || !used[pair.Username] {
		t.Error(used, err)
	}
	if passes, err := s.PassesOfPhone(ctx, o.Phone, storetest.Start.Add(-time.Hour)); err != nil || len(passes) != 1 {
		t.Error("passes of the phone:", passes, err)
	}
	if got, found, err := s.OrderByNonce(ctx, "formulir-sekali-pakai"); err != nil || !found || got.ID != o.ID {
		t.Errorf("order of a form: %+v %v %v", got, found, err)
	}
	if filters, err := s.SavedFilters(ctx, "st1"); err != nil || len(filters) != 1 || filters[0].Query != "q=081555444332" {
		t.Error(filters, err)
	}
	if k, found, err := s.GatewayKeys(ctx, "xendit"); err != nil || !found || k.Key != "xnd_production_kuncibesar" || len(k.Tokens) != 1 || k.Tokens[0] != "tokenwebhooklama" || !k.Live {
		t.Error(k.Gateway, found, err)
	}
	if x, err := s.Outlet(ctx, "ou"); err != nil || x.Phone != "+6281777666555" {
		t.Error(x, err)
	}
	if x, found, err := s.Extension(ctx, o.ID); err != nil || !found || x.Username != same.Username {
		t.Error(x, found, err)
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}

func TestTheDatabaseGivesNothingAway(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o, same, pair, hidden := sold(f)
		wantReadable(t, f.Store, o, same, pair)
		wantHidden(t, f.Database, hidden...)
		o.Phone = ""
		f.Write(func(tx *store.Tx) error { return tx.SaveOrder(ctx, o) })
		for _, row := range store.Query(t, f.Store, `SELECT phone, phone_tail, phone_key FROM orders WHERE id = $1`, string(o.ID)) {
			if strings.Join(row, "") != "" {
				t.Error("an erased number is still found:", row)
			}
		}
	})
}

// A store that has written nothing learns the key of order links while its connections read
// orders: none of them may wait for another one.
func TestManyReadOrdersAtOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		f.Write(func(tx *store.Tx) error {
			for range 20 {
				o := f.Order()
				o.Token = ""
				if err := tx.InsertOrder(ctx, o); err != nil {
					return err
				}
			}
			return nil
		})
		s, err := store.Open(ctx, store.Options{Database: f.Database, Keys: f.Keys, Clock: f.Clock, Beside: true})
		f.Must(err)
		defer s.Close()
		bounded, cancel := context.WithTimeout(ctx, 4*time.Second)
		defer cancel()
		const readers = 100
		done := make(chan error, readers)
		for range readers {
			go func() {
				orders, err := s.ListOrders(bounded, store.OrderFilter{})
				if err == nil && (len(orders) != 20 || orders[0].Token == "") {
					err = fmt.Errorf("%d orders", len(orders))
				}
				done <- err
			}()
		}
		for range readers {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestRotateKeys(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o, same, pair, _ := sold(f)
		f.Write(func(tx *store.Tx) error { tx.Audit("act", "before", nil); return nil })
		fresh := secret.Generate()
		both, err := secret.Parse(fresh + "," + f.KeyText)
		f.Must(err)
		only, err := secret.Parse(fresh)
		f.Must(err)
		f.Must(f.Announce(ctx, "host/1")) // knows the old key alone
		store.SwapKeys(f.Store, both)
		if _, err := f.RotateKeys(ctx, actor.Named("test")); !errors.Is(err, store.ErrKeyNotEverywhere) {
			t.Fatal("a shop without the key was left behind:", err)
		}
		f.Must(f.Withdraw(ctx, "host/1"))
		// Killed in the middle: nothing is lost, the old key is still asked for.
		store.SealRows(t, 1)
		killed, kill := context.WithCancel(ctx)
		store.AfterRows(t, 2, kill)
		if _, err := f.RotateKeys(killed, actor.Named("test")); err == nil {
			t.Fatal("not killed")
		}
		wantReadable(t, f.Store, o, same, pair)
		store.SwapKeys(f.Store, only)
		if _, err := f.Migrate(ctx); fault.CodeOf(err) != "secret.unreadable" {
			t.Fatal("a start without the key under which rows are sealed:", err)
		}
		store.SwapKeys(f.Store, both)
		wantReadable(t, f.Store, o, same, pair)
		done, err := f.RotateKeys(ctx, actor.Named("test"))
		if err != nil || done.Sealed.Total() == 0 {
			t.Fatal(done, err)
		}
		again, err := f.RotateKeys(ctx, actor.Named("test"))
		if err != nil || again.Sealed.Total() != 0 {
			t.Fatal("a second time:", again, err)
		}
		store.SwapKeys(f.Store, only)
		if _, err := f.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		wantReadable(t, f.Store, o, same, pair)
		f.Write(func(tx *store.Tx) error {
			if tx.OrderToken(o.Code) != o.Token {
				t.Error("the order has another link")
			}
			tx.Audit("act", "after", nil)
			return nil
		})
		wantReadable(t, f.Store, o, same, pair)
	})
}

// The trail cannot be rebuilt from the database without its key.
func TestTheAuditTrailIsSigned(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		for range 3 {
			f.Write(func(tx *store.Tx) error { tx.Audit("act", "s", nil); return nil })
		}
		if _, err := f.VerifyAudit(ctx); err != nil {
			t.Fatal(err)
		}
		store.Exec(t, f.Store, `DELETE FROM audit`)
		old(t, f.Store, 3) // a chain of plain hashes that is sound in itself
		if _, err := f.VerifyAudit(ctx); err == nil {
			t.Error("a chain of plain hashes is believed")
		}
		store.Exec(t, f.Store, `DELETE FROM audit_keys`)
		store.Exec(t, f.Store, `UPDATE audit_head SET key_id = ''`)
		if _, err := f.VerifyAudit(ctx); err == nil {
			t.Error("a chain without signatures is believed")
		}
		if err := f.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { tx.Audit("act", "s", nil); return nil }); err == nil {
			t.Error("and goes on")
		}
	})
}
