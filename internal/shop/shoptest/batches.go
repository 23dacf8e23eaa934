package shoptest

import (
	"context"
	"fmt"
	"strings"
	"time"

	ros "github.com/go-routeros/routeros/v3"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/shop/stock"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// BatchForm is a filled-in form for n vouchers of a plan on a router.
func (k *Harness) BatchForm(plan, router string, n int) stock.BatchIn {
	return stock.BatchIn{PlanID: plan, RouterIDs: []string{router}, Nonce: k.NextNonce(),
		Batch: catalog.Batch{Codes: catalog.Codes{Mode: catalog.ModeSame, Charset: "lower", Length: 8}, Count: n, Note: "warung", UptimeLimit: -1, DataLimit: -1}}
}

// NewBatch is a batch that was ordered and not made yet.
func (k *Harness) NewBatch(plan, router string, n int) store.Batch {
	k.Helper()
	made, err := k.Shop.Stock.CreateBatches(context.Background(), actor.Named("staff:siti"), k.BatchForm(plan, router, n))
	k.Must(err)
	return made[0]
}

// Stocked is a batch whose vouchers are all on the router.
func (k *Harness) Stocked(plan, router string, n int) store.Batch {
	k.Helper()
	b := k.NewBatch(plan, router, n)
	k.RunAll()
	return k.CheckBatch(b, voucher.BatchDone)
}

// CheckBatch fails unless the batch is in the state and router and database
// agree: every voucher that counts as made is there once, with the batch's
// comment, and nothing else carries that comment.
func (k *Harness) CheckBatch(b store.Batch, state voucher.BatchState) store.Batch {
	k.Helper()
	ctx := context.Background()
	now, err := k.Store.Batch(ctx, b.ID)
	k.Must(err)
	if now.State != state {
		k.Fatalf("batch %s is %s (%s), want %s", b.Code, now.State, now.Problem, state)
	}
	rows := map[string]int{}
	for _, row := range k.Routers[b.RouterID].Rows("ip/hotspot/user") {
		if comment, _ := hotspot.SplitBound(row["comment"]); comment == b.Comment {
			rows[row["name"]]++
		}
	}
	all, err := k.Store.BatchVouchers(ctx, b.ID, 1, now.Count, now.Count+1)
	k.Must(err)
	names := map[string]bool{}
	for _, v := range all {
		if names[strings.ToLower(v.Username)] {
			k.Errorf("%s is there twice", v.Username)
		}
		names[strings.ToLower(v.Username)] = true
		if made := !v.MadeAt.IsZero(); made != (rows[v.Username] == 1) {
			k.Errorf("voucher %d %s is made: %v, on the router %d times", v.No, v.State, made, rows[v.Username])
		}
		delete(rows, v.Username)
	}
	if len(all) != now.Drawn || len(rows) > 0 {
		k.Errorf("batch %s: %d rows for %d drawn, %d users too many", b.Code, len(all), now.Drawn, len(rows))
	}
	return now
}

// StockVoucher is the voucher with a number.
func (k *Harness) StockVoucher(b store.Batch, no int) store.Voucher {
	k.Helper()
	found, err := k.Store.BatchVouchers(context.Background(), b.ID, no, no, 1)
	k.Must(err)
	if len(found) != 1 {
		k.Fatalf("no voucher %d", no)
	}
	return found[0]
}

// Router is a router as the driver knows it.
func (k *Harness) Router(id string) hotspot.Router {
	k.Helper()
	r, err := k.Store.Router(context.Background(), id)
	k.Must(err)
	return r.Router
}

// Phone lets a device appear in a router's hotspot.
func (k *Harness) Phone(router string, n int) hotspot.Device {
	k.Helper()
	d := hotspot.Device{MAC: fmt.Sprintf("AA:00:00:00:01:%02X", n), IP: fmt.Sprintf("10.5.50.%d", n+10)}
	k.Must(k.Routers[router].Join(routerossim.Device{MAC: d.MAC, IP: d.IP}))
	return d
}

// ForeignUser adds a user to a router, as a person with Mikhmon would.
func (k *Harness) ForeignUser(router, name string) {
	k.Helper()
	c, err := ros.DialTimeout(k.Routers[router].Addr(), "gerai", "rahasia-"+router, time.Second)
	k.Must(err)
	defer c.Close() //nolint:errcheck // its commands are looked at
	_, err = c.Run("/ip/hotspot/user/add", "=name="+name, "=password=lain", "=comment=vc-123-11.24.26-")
	k.Must(err)
}

// ChangeUser changes a user on a router as a hand in Winbox would: to what set
// says, or, without it, to nothing.
func (k *Harness) ChangeUser(router, name, set string) {
	k.Helper()
	c, err := ros.DialTimeout(k.Routers[router].Addr(), "gerai", "rahasia-"+router, time.Second)
	k.Must(err)
	defer c.Close() //nolint:errcheck // its commands are looked at
	for _, row := range k.Routers[router].Rows("ip/hotspot/user") {
		if row["name"] != name {
			continue
		}
		if set == "" {
			_, err = c.Run("/ip/hotspot/user/remove", "=.id="+row[".id"])
		} else {
			_, err = c.Run("/ip/hotspot/user/set", "=.id="+row[".id"], set)
		}
		k.Must(err)
		return
	}
	k.Fatal("no user", name)
}

// WipeUsers removes every user from a router, as a restored old backup would.
func (k *Harness) WipeUsers(router string) {
	k.Helper()
	c, err := ros.DialTimeout(k.Routers[router].Addr(), "gerai", "rahasia-"+router, time.Second)
	k.Must(err)
	defer c.Close() //nolint:errcheck // its commands are looked at
	for _, row := range k.Routers[router].Rows("ip/hotspot/user") {
		if strings.HasPrefix(row["name"], "default") {
			continue
		}
		_, err := c.Run("/ip/hotspot/user/remove", "=.id="+row[".id"])
		k.Must(err)
	}
}

// Audits lists the audit rows of a subject, a line for each act.
func (k *Harness) Audits(subject string) []string {
	k.Helper()
	rows, err := k.Store.AuditOf(context.Background(), subject)
	k.Must(err)
	var out []string
	for _, r := range rows {
		out = append(out, r.Actor+" "+r.Action+" "+r.Detail)
	}
	return out
}

// WantStock fails unless so many vouchers of a plan are in stock.
func (k *Harness) WantStock(plan string, want int) {
	k.Helper()
	if s, err := k.Store.StockOf(context.Background(), plan); err != nil || s.Total != want {
		k.Fatalf("%d in stock, want %d %v", s.Total, want, err)
	}
}
