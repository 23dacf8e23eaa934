package campaign

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/testenv"
	"gerai/internal/voucher"
	"gerai/test/proc"
)

const adminPassword = "correct horse battery"

// TestKillInABatch makes vouchers while the real program is killed again and
// again and the router loses answers and reboots. Afterwards every voucher is
// on the router exactly once, under the name the database has.
func TestKillInABatch(t *testing.T) {
	t.Parallel()
	n := 200
	if number(t, "GERAI_CAMPAIGN_N", 80) > 1000 {
		n = 10_000
	}
	testenv.Databases(t, func(t *testing.T, database string) {
		t.Parallel()
		w := proc.NewWorld(t, database, "")
		w.Store(func(s *store.Store) {
			office := staff.New(s, cache.NewMemory(clock.System{}), clock.System{})
			rules := staff.DefaultPolicy
			rules.SecondFactor = nil
			if err := office.SetPolicy(context.Background(), actor.Named("test"), "", rules); err != nil {
				t.Fatal(err)
			}
			if _, err := office.Add(context.Background(), actor.Named("test"), "siti", staff.Admin, adminPassword); err != nil {
				t.Fatal(err)
			}
		})
		p := proc.Start(w, proc.Reserve(t))
		router := w.Routers["kopi-1"]
		router.SetFaults(routerossim.Faults{DelayMS: 20})
		panel, err := proc.SignIn(t, "http://"+p.Addr, "siti", adminPassword)
		if err != nil {
			t.Fatal(err)
		}
		made, err := panel.Submit("/admin/vouchers/new", "form.card", "count", fmt.Sprint(n))
		if err != nil {
			t.Fatal(err)
		}
		id := made.Url.Path[strings.LastIndex(made.Url.Path, "/")+1:]
		troubles := []routerossim.Faults{{DelayMS: 20}, {DropAfter: true, Only: "/ip/hotspot/user/add", Count: 5}, {Reboot: true, RebootMS: 300}, {DropBefore: true, Only: "writes", Count: 5}}
		for i, trouble := range troubles {
			// Each time another fifth is there.
			testenv.Eventually(t, 90*time.Second, func() (bool, string) {
				have := batchUsers(router)
				return have >= n*(i+1)/6, fmt.Sprintf("%d of %d users", have, n)
			})
			router.SetFaults(trouble)
			p.Kill()
			p.Launch()
			p.WaitReady()
		}
		testenv.Eventually(t, 10*time.Minute, func() (bool, string) {
			doc, err := panel.Get("/admin/vouchers/batches/" + id)
			if err != nil {
				return false, err.Error()
			}
			state := strings.TrimSpace(doc.Find("#progress .tag").Text())
			return state == "selesai", state
		})
		p.Stop()
		checkBatch(t, w, id, n)
	})
}

func batchUsers(r *routerossim.Router) (n int) {
	for _, row := range r.Rows("ip/hotspot/user") {
		if strings.Contains(row["comment"], "-gb.") {
			n++
		}
	}
	return n
}

func checkBatch(t *testing.T, w *proc.World, id string, n int) {
	t.Helper()
	have := map[string]int{}
	for _, row := range w.Routers["kopi-1"].Rows("ip/hotspot/user") {
		if strings.Contains(row["comment"], "-gb.") {
			have[row["name"]]++
		}
	}
	w.Store(func(s *store.Store) {
		ctx := context.Background()
		all, err := s.BatchVouchers(ctx, id, 1, n, n+1)
		if err != nil || len(all) != n {
			t.Fatalf("%d vouchers, %v", len(all), err)
		}
		for _, v := range all {
			if have[v.Username] != 1 || v.MadeAt.IsZero() || v.State != voucher.Stock {
				t.Errorf("voucher %d is on the router %d times, made %s, %s", v.No, have[v.Username], v.MadeAt, v.State)
			}
			delete(have, v.Username)
		}
		if len(have) > 0 {
			t.Errorf("%d users that no voucher has", len(have))
		}
		if _, err := s.VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}
