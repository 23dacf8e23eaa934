package campaign

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store/storetest"
)

// number reads a knob of the campaign from the environment.
func number(t *testing.T, name string, standard int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return standard
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no number", name, text)
	}
	return n
}

// The campaign in virtual time: batches of customers who pay right, wrong,
// late, twice or never, while the gateway loses, doubles and reorders, routers
// hang and half-execute, and workers die between any two steps.
func TestVirtual(t *testing.T) {
	t.Parallel()
	n, seed := number(t, "GERAI_CAMPAIGN_N", 160), number(t, "GERAI_CAMPAIGN_SEED", 1)
	storetest.Databases(t, func(t *testing.T, database string) {
		t.Parallel()
		c := &campaign{Harness: shoptest.New(t, shoptest.OnDatabase(database), shoptest.Selling(halfFromStock)), rnd: rand.New(rand.NewPCG(uint64(seed), 7)), seen: map[order.Status]int{}}
		started := time.Now()
		c.Stocked("sehari", "pojok", min(max(n/8, 1), catalog.MaxBatch))
		for done := 0; done < n; done += batch {
			c.batch(min(batch, n-done))
			if done > 0 && done%5000 < batch {
				t.Logf("%d orders, %s", done, time.Since(started).Round(time.Second))
			}
		}
		c.recover()
		c.Invariants()
		c.total()
		t.Logf("seed %d: %d orders on %s in %s, %d webhooks answered, %v", seed, n, c.Store.Engine(), time.Since(started).Round(time.Millisecond), len(c.Answers()), c.seen)
	})
}

const batch = 40

// halfFromStock delivers the plan that most customers buy from a stock that
// lasts for a part of them.
func halfFromStock(c *catalog.Catalogue) { c.Plans[0].Delivery = order.FromStock }

type campaign struct {
	*shoptest.Harness
	rnd    *rand.Rand
	orders []order.Order
	late   []late
	seen   map[order.Status]int
}

// late is money that will come after the order's time.
type late struct {
	reference string
	at        time.Time
}

func (c *campaign) pick(share float64) bool { return c.rnd.Float64() < share }

func (c *campaign) batch(n int) {
	c.trouble()
	for range n {
		c.customer()
	}
	for range c.rnd.IntN(4) {
		c.LeaseAndDie()
	}
	c.Advance(time.Duration(5+c.rnd.IntN(20)) * time.Second)
	c.payLate()
	if c.pick(0.3) {
		c.ResendAll()
	}
	if c.pick(0.2) {
		c.Clock.Add(time.Duration(c.rnd.IntN(20)-10) * time.Minute)
	}
	c.RunAll()
}

// trouble draws the faults of one batch: a fifth of all webhooks doubled, a
// tenth lost, a tenth reordered, a twentieth of gateway calls failing or cut.
func (c *campaign) trouble() {
	c.Xendit.SetFaults(xenditsim.Faults{DupRatio: 0.2, LostRatio: 0.1, ReorderRatio: 0.1, APIErrorRatio: 0.03, TimeoutRatio: 0.05,
		GetDown: c.pick(0.05), V3Events: c.pick(0.1), StringAmount: c.pick(0.1), WebhookBeforeResponse: c.pick(0.05)})
	for _, r := range c.Routers {
		f := routerossim.Faults{}
		switch c.rnd.IntN(8) {
		case 0:
			f.Down = true
		case 1:
			f = routerossim.Faults{DropAfter: true, Only: "writes", Count: 1 + c.rnd.IntN(3)}
		case 2:
			f = routerossim.Faults{DropBefore: true, Only: "writes", Count: 1 + c.rnd.IntN(3)}
		case 3:
			f = routerossim.Faults{CutMidSentence: true, Count: 1 + c.rnd.IntN(3)}
		case 4:
			f = routerossim.Faults{Garbage: true, Count: 1}
		}
		r.SetFaults(f)
	}
}

var plans = []struct{ id, method string }{{"sehari", "qris"}, {"sehari", "qris"}, {"sejam", "qris"}, {"bulanan", "qris"}, {"bulanan", "va:BCA"}, {"bulanan", "va:BSI"}}

func (c *campaign) customer() {
	ctx := context.Background()
	p := plans[c.rnd.IntN(len(plans))]
	form := c.Form(p.id, p.method)
	o, err := c.Shop.Orders.Place(ctx, form)
	if err != nil {
		c.Fatalf("place: %v", err)
	}
	if c.pick(0.1) { // a double click
		if again, err := c.Shop.Orders.Place(ctx, form); err != nil || again.ID != o.ID {
			c.Fatalf("double click: %s and %s, %v", o.ID, again.ID, err)
		}
	}
	c.orders = append(c.orders, o)
	if c.pick(0.3) {
		if _, err := c.Shop.Orders.View(ctx, o.Token); err != nil {
			c.Fatalf("view: %v", err)
		}
	}
	first := string(o.Code) + "-1"
	switch chance := c.rnd.Float64(); {
	case chance < 0.04: // never pays
	case chance < 0.10:
		c.late = append(c.late, late{first, o.ExpiresAt.Add(time.Duration(c.rnd.IntN(60)) * time.Minute)})
	case chance < 0.14:
		c.try(first, int64(o.Total)-1000)
	case chance < 0.18:
		c.try(first, int64(o.Total)+1000)
	case chance < 0.24: // changes the method and pays both or only the old one
		if err := c.Shop.Orders.SwitchMethod(ctx, o.Token, "qris", "198.51.100.7"); err == nil && p.id == "bulanan" {
			err = c.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BNI", "198.51.100.7")
			if err != nil && !fault.Is(err, fault.Limited) && !fault.Is(err, fault.Conflict) {
				c.Fatalf("switch: %v", err)
			}
		}
		c.try(first, 0)
		c.try(string(o.Code)+"-2", 0)
	case chance < 0.27:
		if err := c.Shop.Orders.Cancel(ctx, actor.Named("staff:campaign"), o.ID, "campaign"); err != nil && !fault.Is(err, fault.Conflict) {
			c.Fatalf("cancel: %v", err)
		}
		c.try(first, 0)
	case chance < 0.30:
		if a, err := c.Store.Attempt(ctx, o.ID, 1); err == nil && a.GatewayID != "" {
			c.Forge(first, a.GatewayID)
		}
	default:
		c.try(first, 0)
	}
	if c.pick(0.05) { // bad luck right after the router's work
		c.RunAll()
	}
}

// try pays if the gateway has the charge and its bank still takes money.
func (c *campaign) try(reference string, amount int64) {
	_, _ = c.Xendit.Pay(xenditsim.PayIn{ReferenceID: reference, Amount: amount}) // a refusal is part of the game
}

func (c *campaign) payLate() {
	now := c.Clock.Now()
	rest := c.late[:0]
	for _, l := range c.late {
		if l.at.Before(now) {
			c.try(l.reference, 0)
		} else {
			rest = append(rest, l)
		}
	}
	c.late = rest
}

// recover ends all trouble and gives the shop the time its promises name.
func (c *campaign) recover() {
	c.Xendit.SetFaults(xenditsim.Faults{})
	for _, r := range c.Routers {
		r.SetFaults(routerossim.Faults{})
	}
	c.Clock.Add(time.Hour)
	c.payLate()
	c.Advance(2 * time.Minute)
	if err := c.Shop.Watchdog(context.Background()); err != nil {
		c.Fatal(err)
	}
	c.Advance(15 * time.Minute)
	for _, o := range c.orders {
		now := c.Order(o)
		c.seen[now.Status]++
		if now.Status == order.Paid && now.Attention == order.NoReason {
			c.Errorf("order %s is still paid and nobody was told", now.Code)
		}
		if now.Status == order.Pending && c.Clock.Now().Sub(now.ExpiresAt) > 10*time.Minute {
			c.Errorf("order %s is still pending", now.Code)
		}
	}
}

// total compares what the gateway took with what we know of (I5).
func (c *campaign) total() {
	var gateway, ours int64
	paid := map[string]int64{}
	for _, p := range c.Xendit.Payments() {
		gateway += p.PaidAmount
		paid[p.PaymentRequestID] = p.PaidAmount
	}
	for _, o := range c.orders {
		all, err := c.Store.Payments(context.Background(), o.ID)
		if err != nil {
			c.Fatal(err)
		}
		for _, p := range all {
			ours += int64(p.Amount)
			delete(paid, p.Key)
		}
	}
	unmatched, err := c.Store.UnmatchedPayments(context.Background())
	if err != nil {
		c.Fatal(err)
	}
	for _, p := range unmatched {
		ours += int64(p.Amount)
		delete(paid, p.Key)
	}
	missing := ""
	for id, amount := range paid {
		if amount > 0 {
			missing += fmt.Sprintf(" %s:%d", id, amount)
		}
	}
	if gateway != ours {
		c.Errorf("I5: the gateway took %d, we know of %d; missing%s", gateway, ours, missing)
	}
}
