package shoptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	ros "github.com/go-routeros/routeros/v3"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/catalog"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// ForeignCharge opens a charge at the gateway that no order of ours knows, and
// returns its id.
func (k *Harness) ForeignCharge(reference string, amount int64) string {
	k.Helper()
	c, err := k.Gateway.Create(context.Background(), payments.CreateIn{Reference: reference, IdempotencyKey: "foreign-" + reference, Method: payments.QRIS, Amount: order.Order{}.Total + moneyOf(amount)})
	k.Must(err)
	return c.GatewayID
}

// GatewayID is the gateway's id of the order's current charge.
func (k *Harness) GatewayID(o order.Order) string {
	k.Helper()
	a, err := k.Store.Attempt(context.Background(), o.ID, k.Order(o).AttemptNo)
	k.Must(err)
	return a.GatewayID
}

// ResendAll delivers every webhook sent so far once more.
func (k *Harness) ResendAll() {
	k.Helper()
	seen := map[string]bool{}
	for _, a := range k.Xendit.Webhooks() {
		if !seen[a.WebhookID] {
			seen[a.WebhookID] = true
			// The gateway forgets the oldest deliveries of a long run.
			if err := k.Xendit.Resend(a.WebhookID); !errors.Is(err, xenditsim.ErrUnknown) {
				k.Must(err)
			}
		}
	}
}

// DeliverInParallel posts the same paid event n times at once.
func (k *Harness) DeliverInParallel(n int, reference string) {
	k.Helper()
	var id string
	for _, p := range k.Xendit.Payments() {
		if p.ReferenceID == reference {
			id = p.PaymentRequestID
		}
	}
	body := eventBody(reference, id, 5000)
	var all sync.WaitGroup
	for range n {
		all.Add(1)
		go func() {
			defer all.Done()
			if status := k.post(body, "one-and-the-same"); status != http.StatusOK {
				k.Errorf("answered %d", status)
			}
		}()
	}
	all.Wait()
}

// Forge claims a payment with the right token that never happened.
func (k *Harness) Forge(reference, gatewayID string) {
	k.Helper()
	if status := k.post(eventBody(reference, gatewayID, 5000), "forged"); status != http.StatusOK {
		k.Fatalf("answered %d", status)
	}
	k.RunAll()
}

func eventBody(reference, gatewayID string, amount int64) []byte {
	b, err := json.Marshal(map[string]any{"event": "payment.succeeded", "business_id": "b", "data": map[string]any{
		"id": "py-x", "payment_request_id": gatewayID, "reference_id": reference, "amount": amount, "currency": "IDR", "status": "SUCCEEDED"}})
	if err != nil {
		panic(err)
	}
	return b
}

func (k *Harness) post(body []byte, id string) int {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("x-callback-token", Token)
	r.Header.Set("webhook-id", id)
	w := httptest.NewRecorder()
	k.webhookHandler(w, r)
	return w.Code
}

// DeliverThenFail makes the webhook handler store a message and answer 503 all the same,
// as when the process dies between commit and answer.
func (k *Harness) DeliverThenFail(on bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forgetful = on
}

// AuditCount counts an action in an order's trail.
func (k *Harness) AuditCount(o order.Order, action string) int {
	k.Helper()
	rows, err := k.Store.AuditOf(context.Background(), "order:"+string(o.ID))
	k.Must(err)
	n := 0
	for _, r := range rows {
		if r.Action == action {
			n++
		}
	}
	return n
}

// Resell applies the catalogue again, changed.
func (k *Harness) Resell(fn func(*catalog.Catalogue)) {
	k.Helper()
	c := k.selling
	c.Plans = append([]catalog.Plan(nil), c.Plans...)
	c.Sites = append([]catalog.Site(nil), c.Sites...)
	c.Routers = append([]catalog.Router(nil), c.Routers...)
	fn(&c)
	k.Must(k.Shop.Catalogue.ApplyCatalogue(context.Background(), actor.Named("test"), c))
}

// LeaseAndDie claims the next due job on any queue as a worker that then dies.
func (k *Harness) LeaseAndDie() jobs.Job {
	k.Helper()
	ctx := context.Background()
	k.Must(k.Xendit.Drain(ctx))
	due, err := k.Store.DueQueues(ctx, k.Clock.Now())
	k.Must(err)
	var j jobs.Job
	for _, q := range due {
		found := false
		k.Must(k.Store.InTx(ctx, actor.Named("dying"), func(tx *store.Tx) (err error) {
			j, found, err = tx.LeaseJob(ctx, q, tx.Now(), tx.Now().Add(12*time.Second))
			return err
		}))
		if found {
			break
		}
	}
	return j
}

// GatewayReads counts what we asked the gateway so far.
func (k *Harness) GatewayReads() int64 { return k.reads.Load() }

// api runs one command on a router as another program would.
func (k *Harness) api(router string, words ...string) ([]map[string]string, error) {
	c, err := ros.DialTimeout(k.Routers[router].Addr(), "gerai", "rahasia-"+router, 2*time.Second)
	if err != nil {
		return nil, err
	}
	defer c.Close() //nolint:errcheck // a test's connection
	reply, err := c.RunArgs(words)
	if err != nil {
		return nil, err
	}
	var out []map[string]string
	for _, s := range reply.Re {
		out = append(out, s.Map)
	}
	return out, nil
}

// AddForeign adds a hotspot user that is not ours.
func (k *Harness) AddForeign(router, name string) error {
	_, err := k.api(router, "/ip/hotspot/user/add", "=name="+name, "=password=x", "=comment=milik tetangga")
	return err
}

// AddProfile adds a hotspot user profile that is not ours.
func (k *Harness) AddProfile(router, name string) error {
	_, err := k.api(router, "/ip/hotspot/user/profile/add", "=name="+name)
	return err
}

// AddAsCrashed makes the order's user on the router without telling our
// database, as a process that died right after the router's answer.
func (k *Harness) AddAsCrashed(o order.Order, router string) error {
	k.Helper()
	now := k.Order(o)
	r, err := k.Store.Router(context.Background(), router)
	k.Must(err)
	u, _ := voucher.Wanted(k.Shop.Vouchers.FactsOf(now), k.Clock.Now())
	_, err = k.Hotspot.EnsureUser(context.Background(), r.Router, u)
	return err
}

// RemoveUser removes a user from a router.
func (k *Harness) RemoveUser(router, user string) error {
	_, err := k.api(router, "/ip/hotspot/user/remove", "=numbers="+user)
	return err
}

// RemoveProfile removes a hotspot user profile from a router.
func (k *Harness) RemoveProfile(router, profile string) error {
	_, err := k.api(router, "/ip/hotspot/user/profile/remove", "=numbers="+profile)
	return err
}

// RemoveUserAndProfile removes both from a router.
func (k *Harness) RemoveUserAndProfile(router, user, profile string) error {
	if err := k.RemoveUser(router, user); err != nil {
		return fmt.Errorf("user: %w", err)
	}
	return k.RemoveProfile(router, profile)
}

// CheckRoutersUntilUp checks until the rebooting router answers again, and reviews its users.
func (k *Harness) CheckRoutersUntilUp() {
	k.Helper()
	for range 200 {
		k.Must(k.Shop.Routers.CheckRouters(context.Background()))
		k.Clock.Add(100 * time.Millisecond)
		states, err := k.Store.RouterStates(context.Background())
		k.Must(err)
		up := true
		for _, s := range states {
			up = up && s.Failure == ""
		}
		if up {
			k.Clock.Add(2 * time.Minute)
			k.Must(k.Shop.Routers.CheckRouters(context.Background()))
			k.Review()
			return
		}
	}
	k.Fatal("the router does not come back")
}

// Review compares what routers hold with the books, as the shop does twice a minute.
func (k *Harness) Review() {
	k.Helper()
	k.Clock.Add(30 * time.Second)
	k.Must(k.Shop.Vouchers.ReviewUsers(context.Background()))
}

// PutBack has staff put the user of an order's voucher back on its router.
func (k *Harness) PutBack(o order.Order) error {
	k.Helper()
	f, err := k.Shop.Vouchers.VoucherDetail(context.Background(), nil, k.VoucherOf(o).ID)
	k.Must(err)
	return k.Shop.Vouchers.RestoreVoucher(context.Background(), vouchers.RestoreIn{ID: f.Voucher.ID, Typed: f.Name(), Reason: "hilang dari router", Actor: actor.Named("staff:budi")})
}

// Disabled reports whether a user exists and is disabled.
func (k *Harness) Disabled(router, name string) bool {
	for _, row := range k.Routers[router].Rows("ip/hotspot/user") {
		if row["name"] == name {
			return row["disabled"] == "true"
		}
	}
	return false
}

// Join lets a device join a router's hotspot.
func (k *Harness) Join(router, mac, ip string) {
	k.Helper()
	k.Must(k.Routers[router].Join(routerossim.Device{MAC: mac, IP: ip}))
}

// Login lets a device join and log in with the order's credentials.
func (k *Harness) Login(router string, o order.Order) {
	k.Helper()
	k.Join(router, "AA:BB:CC:00:00:99", "10.5.50.99")
	_, err := k.api(router, "/ip/hotspot/active/login", "=user="+o.Username, "=password="+o.Password, "=ip=10.5.50.99", "=mac-address=AA:BB:CC:00:00:99")
	k.Must(err)
}

// OnlineAs is the user a device is online as, or "".
func (k *Harness) OnlineAs(router, mac string) string {
	for _, row := range k.Routers[router].Rows("ip/hotspot/active") {
		if row["mac-address"] == mac {
			return row["user"]
		}
	}
	return ""
}

// Hold marks the shop as restored just now, or says that it knows again all that happened.
func (k *Harness) Hold(held bool) {
	k.Helper()
	ctx := context.Background()
	mark := backup.Recovery{Since: k.Clock.Now(), TakenAt: k.Clock.Now(), Backup: "b"}
	if !held {
		mark.EndedAt = k.Clock.Now()
	}
	k.Must(k.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.PutRecovery(ctx, mark) }))
	_, err := k.Shop.Backups.LookAtRecovery(ctx)
	k.Must(err)
}
