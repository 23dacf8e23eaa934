package store_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/order"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

var plainOrder = `INSERT INTO orders (id, code, token, nonce, site_id, plan_id, phone, phone_tail, item, total, username, password, status, created_ms, expires_ms)
	VALUES ('o%[1]d', 'AAAAAA%[1]d', '%040[1]d', 'n%[1]d', 's1', 'p1', '+62812345%05[1]d', '%[2]s', '{"PlanID":"p1","Name":"1 Hari","Price":5000}', 5000, 'user%[1]d', 'geheim%[1]d', 'pending', 1, 2000)`

// Rows of older programs are sealed in place, whatever ends the upgrade in the middle.
func TestUpgradeSealsWhatIsThere(t *testing.T) {
	testenv.Databases(t, func(t *testing.T, database string) {
		keys, err := secret.Parse(secret.Generate())
		if err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(ctx, store.Options{Database: database, Keys: keys, Clock: clock.NewFixed(storetest.Start)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := store.MigrateUpTo(ctx, s, 27); err != nil {
			t.Fatal(err)
		}
		store.Exec(t, s, `INSERT INTO sites (id, slug, name) VALUES ('s1', 'kopi', 'Kopi')`)
		store.Exec(t, s, `INSERT INTO routers (id, site_id, name, address, username, password_sealed) VALUES ('r1', 's1', 'satu', '10.0.0.1', 'gerai', '')`)
		const n = 30
		for i := 10; i < 10+n; i++ {
			store.Exec(t, s, fmt.Sprintf(plainOrder, i, fmt.Sprintf("%04d", i)))
		}
		store.Exec(t, s, `INSERT INTO vouchers (id, site_id, plan_id, router_id, username, state, no, password) VALUES ('v1', 's1', 'p1', 'r1', 'KODESAMA77', 'stock', 1, 'KODESAMA77')`)
		store.Exec(t, s, `INSERT INTO passes (order_id, site_id, router_id, mac, phone, username, started_ms, ends_ms) VALUES ('o10', 's1', 'r1', 'AA', '+6281234500010', 'gp-1', 1, 2)`)
		old(t, s, 3)
		if rows, err := s.VerifyAudit(ctx); err != nil || rows != 3 { // as it is done to a backup of this shop
			t.Error("the trail before the upgrade:", rows, err)
		}
		store.SealRows(t, 7)
		killed, kill := context.WithCancel(ctx)
		store.AfterRows(t, 4, kill)
		if _, err := s.Migrate(killed); err == nil {
			t.Fatal("not killed")
		}
		if current, err := s.Current(ctx); err != nil || current {
			t.Fatal("half an upgrade counts as done", err)
		}
		if _, err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if current, err := s.Current(ctx); err != nil || !current {
			t.Fatal(current, err)
		}
		if rows, err := s.VerifyAudit(ctx); err != nil || rows != 4 {
			t.Error("the trail after the upgrade:", rows, err)
		}
		for i := 10; i < 10+n; i++ {
			o, err := s.OrderByToken(ctx, order.Token(fmt.Sprintf("%040d", i)))
			if err != nil || o.ID != order.ID(fmt.Sprintf("o%d", i)) || o.Password != fmt.Sprintf("geheim%d", i) || o.Phone != fmt.Sprintf("+62812345%05d", i) || o.Token != order.Token(fmt.Sprintf("%040d", i)) {
				t.Fatalf("%d: %+v %v", i, o, err)
			}
			if again, found, err := s.OrderByNonce(ctx, fmt.Sprintf("n%d", i)); err != nil || !found || again.ID != o.ID {
				t.Fatalf("the form of order %d: %+v %v %v", i, again, found, err)
			}
		}
		for search, want := range map[string]int{"081234500012": 1, "0012": 1, "user12": 1} {
			if found, err := s.ListOrders(ctx, store.OrderFilter{Search: search}); err != nil || len(found) != want {
				t.Errorf("%s: %d %v", search, len(found), err)
			}
		}
		if v, found, err := s.VoucherByName(ctx, "KODESAMA77"); err != nil || !found || v.Password != "KODESAMA77" {
			t.Error(v, found, err)
		}
		if p, err := s.PassesOfPhone(ctx, "+6281234500010", time.UnixMilli(0)); err != nil || len(p) != 1 {
			t.Error(p, err)
		}
		hidden := []string{"KODESAMA77"}
		for i := 10; i < 10+n; i++ {
			hidden = append(hidden, fmt.Sprintf("%040d", i), fmt.Sprintf("geheim%d", i), fmt.Sprintf("812345%05d", i))
		}
		wantHidden(t, database, hidden...)
		if regexp.MustCompile(`geheim\d`).MatchString(bytesOf(t, database)) {
			t.Error("an old password is in the files")
		}
	})
}
