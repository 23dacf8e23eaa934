package vouchers_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
)

// traced is a shop that tells what it asks of its database.
type traced struct {
	*shoptest.Harness
	database string
	devices  int
	mu       sync.Mutex
	told     []string
}

func onTraced(t *testing.T, test func(t *testing.T, k *traced)) {
	storetest.Databases(t, func(t *testing.T, database string) {
		k := &traced{database: database}
		k.Harness = shoptest.New(t, shoptest.OnDatabase(database), shoptest.Traced(func(what string) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.told = append(k.told, what)
		}))
		test(t, k)
	})
}

// during are the statements of fn, and how many transactions it committed.
func (k *traced) during(fn func()) (statements []string, commits int) {
	k.mu.Lock()
	k.told = nil
	k.mu.Unlock()
	fn()
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, x := range k.told {
		if x == store.Commit {
			commits++
		} else {
			statements = append(statements, x)
		}
	}
	return statements, commits
}

func (k *traced) observe() { k.Must(k.Shop.Vouchers.ObserveLogins(ctx)) }

// online logs a device in as each of the users.
func (k *traced) online(users map[string]string) {
	k.Helper()
	for name, password := range users {
		k.devices++
		n := k.devices
		ip := fmt.Sprintf("10.5.%d.%d", 60+n/200, 10+n%200)
		k.Join("pojok", fmt.Sprintf("AA:BB:CC:%02X:%02X:00", n>>8, n&255), ip)
		k.Must(k.Routers["pojok"].Command("/ip/hotspot/active/login", "=user="+name, "=password="+password, "=ip="+ip))
	}
}

// Many first logins of one round share transactions. One that fails loses none of the others,
// and is noted once what made it fail is gone.
func TestFirstLoginsShareTransactions(t *testing.T) {
	onTraced(t, func(t *testing.T, k *traced) {
		const stocked, bought = vouchers.LoginsAtOnce + 20, 8
		b := k.Stocked("sejam", "pojok", stocked)
		users := map[string]string{}
		all, err := k.Store.BatchVouchers(ctx, b.ID, 1, stocked, stocked)
		k.Must(err)
		for _, v := range all {
			users[v.Username] = v.Password
		}
		var orders []order.Order
		for range bought {
			o := k.Bought()
			orders = append(orders, o)
			users[k.Order(o).Username] = k.Order(o).Password
		}
		k.observe() // the first look at a router takes first logins from its counters
		k.online(users)
		storetest.Raw(t, k.database, `UPDATE orders SET status = 'refunded' WHERE id = '`+string(orders[3].ID)+`'`)
		k.Clock.Add(30 * time.Second)
		if _, commits := k.during(k.observe); commits != 2 {
			t.Errorf("%d transactions for %d first logins", commits, len(users))
		}
		for i, o := range orders {
			want, entries := voucher.Active, 1
			if i == 3 {
				want, entries = voucher.Sold, 0
			}
			if v := k.VoucherOf(o); v.State != want || v.FirstLoginAt.IsZero() != (i == 3) || k.AuditCount(o, "voucher.first_login") != entries {
				t.Errorf("order %d: voucher %s since %s, %d entries in the trail", i, v.State, v.FirstLoginAt, k.AuditCount(o, "voucher.first_login"))
			}
		}
		storetest.Raw(t, k.database, `UPDATE orders SET status = 'activated' WHERE id = '`+string(orders[3].ID)+`'`)
		k.Clock.Add(30 * time.Second)
		if _, commits := k.during(k.observe); commits != 1 {
			t.Errorf("%d transactions for the last first login", commits)
		}
		if v := k.VoucherOf(orders[3]); v.State != voucher.Active || k.AuditCount(orders[3], "voucher.first_login") != 1 {
			t.Errorf("%s", v.State)
		}
		all, err = k.Store.BatchVouchers(ctx, b.ID, 1, stocked, stocked)
		k.Must(err)
		for _, v := range all {
			trail, err := k.Store.AuditOf(ctx, "voucher:"+v.ID)
			if err != nil || v.State != voucher.Active || v.ValidUntil.Sub(v.FirstLoginAt) != time.Hour || !slices.ContainsFunc(trail, func(e store.AuditRow) bool { return e.Action == "voucher.first_login" }) {
				t.Fatalf("%d: %s, %s to %s, %v %v", v.No, v.State, v.FirstLoginAt, v.ValidUntil, trail, err)
			}
		}
		k.Invariants()
	})
}

// Where more than a few fail, the rest are noted one by one.
func TestManyFirstLoginsFail(t *testing.T) {
	onTraced(t, func(t *testing.T, k *traced) {
		users := map[string]string{}
		var orders []order.Order
		for range 12 {
			o := k.Bought()
			orders = append(orders, o)
			users[k.Order(o).Username] = k.Order(o).Password
		}
		k.observe()
		k.online(users)
		for _, o := range orders[:6] {
			storetest.Raw(t, k.database, `UPDATE orders SET status = 'refunded' WHERE id = '`+string(o.ID)+`'`)
		}
		k.observe()
		for i, o := range orders {
			if v := k.VoucherOf(o); (v.State == voucher.Active) != (i >= 6) {
				t.Errorf("order %d: %s", i, v.State)
			}
		}
	})
}

// A round without new users online asks the database for nothing but the
// routers.
func TestARoundWithoutNews(t *testing.T) {
	onTraced(t, func(t *testing.T, k *traced) {
		o := k.Bought()
		k.Must(k.Routers["pojok"].Command("/ip/hotspot/user/add", "=name=tamu", "=password=x"))
		k.observe()
		k.online(map[string]string{k.Order(o).Username: k.Order(o).Password, "tamu": "x"})
		sent := func() (n int64) { return k.Routers["pojok"].CommandLog().Counters["/ip/hotspot/active/print"] }
		for round, want := range []struct{ statements, commands int }{{-1, 2}, {2, 1}, {1, 1}, {1, 1}} {
			k.Clock.Add(30 * time.Second)
			before := sent()
			statements, _ := k.during(k.observe)
			if want.statements >= 0 && len(statements) != want.statements || sent()-before != int64(want.commands) {
				t.Errorf("round %d: %d commands, statements %s", round, sent()-before, strings.Join(statements, "; "))
			}
		}
		if v := k.VoucherOf(o); v.State != voucher.Active {
			t.Error(v.State)
		}
		for range 10 { // a whole look comes, and goes
			k.Clock.Add(30 * time.Second)
			k.observe()
		}
		k.Routers["pojok"].SetFaults(routerossim.Faults{DropBefore: true, Only: "/ip/hotspot/active/print", Count: 9})
		k.Clock.Add(30 * time.Second)
		k.observe()
		k.Routers["pojok"].SetFaults(routerossim.Faults{})
		other := k.Bought()
		k.online(map[string]string{k.Order(other).Username: k.Order(other).Password})
		k.observe()
		if v := k.VoucherOf(other); v.State != voucher.Active {
			t.Error("after a look that failed:", v.State)
		}
	})
}
