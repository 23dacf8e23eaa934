package shoptest

import (
	"context"
	"slices"
	"strings"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

var sites = map[string]string{"sehari": "kopi-pojok", "sejam": "kopi-pojok", "bulanan": "kos-melati", "tiga-jam": "taman-kota", "seminggu": "pasar-baru"}

// Form is a filled-in order form for a plan.
func (k *Harness) Form(plan, method string) orders.PlaceIn {
	return orders.PlaceIn{SiteSlug: sites[plan], PlanID: plan, Method: method, Nonce: k.NextNonce(), Client: "198.51.100.7"}
}

// Buy places an order.
func (k *Harness) Buy(plan, method string) order.Order {
	k.Helper()
	o, err := k.Shop.Orders.Place(context.Background(), k.Form(plan, method))
	k.Must(err)
	return o
}

// Pay lets the customer pay the order's current attempt exactly.
func (k *Harness) Pay(o order.Order) { k.Helper(); k.PayAmount(o, 0) }

// PayAmount pays another amount.
func (k *Harness) PayAmount(o order.Order, amount int64) {
	k.Helper()
	k.PayReference(k.Reference(o), amount)
}

// PayReference pays any attempt by its reference.
func (k *Harness) PayReference(reference string, amount int64) {
	k.Helper()
	_, err := k.Xendit.Pay(xenditsim.PayIn{ReferenceID: reference, Amount: amount})
	k.Must(err)
}

// Reference is the reference of the order's current attempt.
func (k *Harness) Reference(o order.Order) string {
	k.Helper()
	now := k.Order(o)
	a, err := k.Store.Attempt(context.Background(), o.ID, now.AttemptNo)
	k.Must(err)
	return a.Reference
}

// Order reads the order as it is now.
func (k *Harness) Order(o order.Order) order.Order {
	k.Helper()
	now, err := k.Store.Order(context.Background(), o.ID)
	k.Must(err)
	return now
}

// hangs is after how long work that does not end is given up: a long span of a busy shop
// takes most of a minute on a machine with other work.
const hangs = 3 * time.Minute

// RunAll lets every webhook arrive and every due job run.
func (k *Harness) RunAll() {
	k.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hangs)
	defer cancel()
	for {
		k.Must(k.Xendit.Drain(ctx))
		n, err := k.Runner.RunDue(ctx)
		k.Must(err)
		if n == 0 {
			return
		}
	}
}

// ClaimCode is the second code of an order.
func (k *Harness) ClaimCode(o order.Order) string {
	k.Helper()
	claim, err := k.Shop.Orders.ClaimCode(o.Code)
	k.Must(err)
	return claim
}

// Advance moves the clock in steps of a second, as the running program would
// live through it: webhooks, sweeps and jobs in between. Long spans take
// longer steps.
func (k *Harness) Advance(d time.Duration) {
	k.Helper()
	step := time.Second
	if d > 10*time.Minute {
		step = d / 300
	}
	for d > 0 {
		move := min(step, d)
		k.Clock.Add(move)
		d -= move
		k.Xendit.Tick()
		// A gateway that is down is part of many tests; what must hold is told by
		// the order, not by the sweep's error.
		_ = k.Shop.SweepAll(context.Background())
		k.RunAll()
	}
}

// Want fails unless the order has the status and exactly the flags, the test
// flag aside.
func (k *Harness) Want(o order.Order, status order.Status, flags ...order.Flag) order.Order {
	k.Helper()
	now := k.Order(o)
	have := slices.DeleteFunc(slices.Clone(now.Flags), func(f order.Flag) bool { return f == order.FlagTest })
	slices.Sort(have)
	slices.Sort(flags)
	if now.Status != status || !slices.Equal(have, flags) {
		k.Fatalf("order %s is %s %v (attention %q, problem %q), want %s %v", now.Code, now.Status, have, now.Attention, now.Problem, status, flags)
	}
	return now
}

// Users lists the names of our users on a router.
func (k *Harness) Users(router string) []string {
	var out []string
	for _, row := range k.Routers[router].Rows("ip/hotspot/user") {
		if strings.Contains(row["comment"], "gerai.") {
			out = append(out, row["name"])
		}
	}
	slices.Sort(out)
	return out
}

// Answers are the webhook handler's answers so far.
func (k *Harness) Answers() []int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.answers)
}

// CloseWebhook makes the webhook handler answer 503, as with a database that is away;
// OpenWebhook ends it.
func (k *Harness) CloseWebhook() { k.setWebhookDown(true) }

// OpenWebhook ends CloseWebhook.
func (k *Harness) OpenWebhook() { k.setWebhookDown(false) }

func (k *Harness) setWebhookDown(down bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.webhookDown = down
}

// Orders lists every order.
func (k *Harness) Orders() (all []order.Order) {
	k.Helper()
	var before store.Cursor
	for {
		page, err := k.Store.ListOrders(context.Background(), store.OrderFilter{Before: before, Limit: 500})
		k.Must(err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		before = store.Cursor{CreatedAt: page[len(page)-1].CreatedAt, ID: page[len(page)-1].ID}
	}
}

// Creates is how often the gateway was asked for a charge.
func (k *Harness) Creates() int { return int(k.creates.Load()) }

// ReceiptNumber is the number of the order's receipt, "" for none.
func (k *Harness) ReceiptNumber(o order.Order) string {
	k.Helper()
	r, found, err := k.Store.Receipt(context.Background(), o.ID)
	k.Must(err)
	if !found {
		return ""
	}
	return r.Number()
}
