package orders_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments/xendit"
)

// gatewayAlert is the detail of the open alert about the gateway, "" for none.
func gatewayAlert(t *testing.T, k *shoptest.Harness) string {
	t.Helper()
	all, err := k.Store.OpenAlerts(ctx)
	k.Must(err)
	for _, a := range all {
		if a.Kind == "gateway_down" {
			if a.Subject != "test" {
				t.Errorf("about %q", a.Subject)
			}
			return a.Detail
		}
	}
	return ""
}

// A gateway that answers no call for a minute is told of, whatever its way of
// not answering, and even if the only customer has gone; it ends when it works.
func TestAGatewayThatIsDown(t *testing.T) {
	var rows []shoptest.Row
	for name, c := range map[string]struct {
		faults xenditsim.Faults
		code   string
	}{
		"answers 500":           {xenditsim.Faults{Status: 500}, "gateway.busy"},
		"answers HTML":          {xenditsim.Faults{HTML502: true}, "gateway.busy"},
		"hangs":                 {xenditsim.Faults{APIDelayMS: 60_000}, "gateway.busy"},
		"does not know our key": {xenditsim.Faults{Status: 401}, "gateway.config"},
		"dropped our API":       {xenditsim.Faults{Status: 410}, "gateway.api_version"},
	} {
		rows = append(rows, shoptest.Row{Name: name, Test: func(t *testing.T, k *shoptest.Harness) {
			k.BuyOne()
			k.AdvanceWatched(40 * time.Second)
			k.Xendit.SetFaults(c.faults)
			k.Buy("bulanan", "va:BCA") // without an open page
			k.Must(k.Shop.Watchdog(ctx))
			if got := gatewayAlert(t, k); got != "" {
				t.Fatalf("%s at once", got)
			}
			k.AdvanceWatched(100 * time.Second)
			if got := gatewayAlert(t, k); got != c.code {
				t.Fatalf("alert %q, want %q", got, c.code)
			}
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.AdvanceWatched(40 * time.Second)
			if got := gatewayAlert(t, k); got != "" {
				t.Errorf("still open: %s", got)
			}
		}})
	}
	rows = append(rows, shoptest.Row{Name: "is not resolved", Test: func(t *testing.T, k *shoptest.Harness) {
		away, err := xendit.New(xendit.Options{Key: "xnd_development_test", BaseURL: "http://gateway.invalid", CallbackTokens: []string{shoptest.Token}, Clock: k.Clock})
		k.Must(err)
		k.UseGateway(away)
		k.BuyOne()
		k.AdvanceWatched(100 * time.Second)
		if got := gatewayAlert(t, k); got != "gateway.busy" {
			t.Fatalf("alert %q", got)
		}
		k.UseGateway(k.Gateway)
		k.AdvanceWatched(40 * time.Second)
		if got := gatewayAlert(t, k); got != "" {
			t.Errorf("still open: %s", got)
		}
	}})
	shoptest.Run(t, rows)
}

// A gateway that says "too often", or refuses one method, is there.
func TestAGatewayThatSaysNoIsUp(t *testing.T) {
	k := shoptest.New(t)
	for _, f := range []xenditsim.Faults{{RateLimit: true}, {ChannelOff: []string{"QRIS"}}} {
		k.Xendit.SetFaults(f)
		k.BuyOne()
		k.AdvanceWatched(2 * time.Minute)
		if got := gatewayAlert(t, k); got != "" {
			t.Errorf("%+v: %s", f, got)
		}
	}
}

// A message about a charge that the gateway itself does not know is kept and
// alarms no one.
func TestAChargeThatTheGatewayDoesNotKnow(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		body := `{"event":"payment.capture","business_id":"5f27a14a9bf05c73dd040bc8","created":"2026-08-19T10:00:00Z","api_version":"v3",
			"data":{"payment_id":"py-1402feb0-bb79-47ae-9d1e-e69394d3949c","payment_request_id":"pr-1102feb0-bb79-47ae-9d1e-e69394d3949c","reference_id":"order-id-123","status":"SUCCEEDED","request_amount":10000}}`
		header := func(name string) string {
			return map[string]string{"x-callback-token": shoptest.Token, "webhook-id": "sample-1"}[strings.ToLower(name)]
		}
		n, err := k.Gateway.ParseNotification(header, []byte(body))
		k.Must(err)
		k.Must(k.Shop.Orders.RecordWebhookEvent(ctx, n, []byte(body)))
		k.Advance(time.Minute)
		k.WantNoAlerts()
		k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
			fresh, _, err := tx.InsertWebhookEvent(ctx, store.WebhookEvent{Gateway: "xendit", Key: n.Key, Body: []byte(body), State: store.WebhookEventNew, ReceivedAt: tx.Now()})
			if fresh {
				t.Error("the message was not kept")
			}
			return err
		}))
	})
}

// A payment of nothing is no fact: the order stays unpaid and a person is told.
func TestAPaymentOfNothing(t *testing.T) {
	for _, amount := range []string{"0", "-5000"} {
		t.Run(amount, func(t *testing.T) {
			t.Parallel()
			shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
				o := k.BuyOne()
				id := k.GatewayID(o)
				api := k.Xendit.Handler()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/payments") {
						w.Header().Set("Content-Type", "application/json")
						_, _ = w.Write([]byte(`{"data":[{"id":"py-1","payment_request_id":"` + id + `","amount":` + amount + `,"currency":"IDR","status":"SUCCEEDED","created":"2026-11-24T03:00:10Z"}],"has_more":false}`))
						return
					}
					api.ServeHTTP(w, r)
				}))
				defer server.Close()
				g, err := xendit.New(xendit.Options{Key: "xnd_development_test", BaseURL: server.URL, CallbackTokens: []string{shoptest.Token}, Clock: k.Clock})
				k.Must(err)
				k.UseGateway(g)
				k.Pay(o)
				k.RunAll()
				k.Want(o, order.Pending)
				_, facts, err := k.Store.Facts(ctx, o.ID)
				k.Must(err)
				if len(facts.Payments) != 0 {
					t.Errorf("kept: %+v", facts.Payments)
				}
				k.WantAlert("gateway_mismatch")
			})
		})
	}
}

// Each step of a sale is one line of the log at info, with the order's code and
// nothing that belongs to a person.
func TestTheLogFollowsASale(t *testing.T) {
	var out bytes.Buffer
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) { o.Log = slog.New(slog.NewTextHandler(&out, nil)) }))
	in := k.Form("sehari", "qris")
	in.Phone, in.Hints = "081234567890", order.Hints{MAC: "AA:BB:CC:00:01:01", IP: "10.5.50.101"}
	o, err := k.Shop.Orders.Place(ctx, in)
	k.Must(err)
	k.Routers["pojok"].SetFaults(shoptest.RouterDown)
	k.Pay(o)
	k.Advance(3 * time.Second)
	k.Routers["pojok"].SetFaults(routerossim.Faults{})
	k.Advance(30 * time.Second)
	o = k.Want(o, order.Activated)
	var steps []string
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "level=INFO") && strings.Contains(line, "code="+string(o.Code)) {
			_, rest, _ := strings.Cut(line, `msg="`)
			step, _, _ := strings.Cut(rest, `"`)
			steps = append(steps, step)
		}
	}
	steps = slices.Compact(steps)
	if strings.Join(steps, ", ") != "order placed, order paid, order retried, order activated" {
		t.Errorf("%v", steps)
	}
	for _, secret := range []string{"81234567890", o.Password, string(o.Token), k.ClaimCode(o), in.Hints.MAC} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	out.Reset()
	siti := k.OnShift("siti")
	sold, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
	k.Must(err)
	k.RunAll()
	for _, step := range []string{"order placed", "order paid", "order activated"} {
		if !strings.Contains(out.String(), `msg="`+step+`" code=`+string(sold.Code)) {
			t.Errorf("counter: no %q in %s", step, out.String())
		}
	}
}

// Each replica calls the gateway itself: what one cannot reach, another one that
// reaches it does not close, until the one is gone for long.
func TestEachReplicaTellsOfItsOwnGateway(t *testing.T) {
	var options shop.Options
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) { options = *o }))
	away, err := xendit.New(xendit.Options{Key: "xnd_development_test", BaseURL: "http://gateway.invalid", CallbackTokens: []string{shoptest.Token}, Clock: k.Clock})
	k.Must(err)
	options.Gateway, options.Instance = away, "cut-off"
	cutOff := shop.New(options)
	k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { // of a version that had one for all
		_, err := tx.OpenAlert(ctx, "gateway_down", "xendit", "gateway.busy")
		return err
	}))
	k.BuyOne()
	_, err = cutOff.Orders.Place(ctx, k.Form("sehari", "qris"))
	k.Must(err)
	open := func() (out []string) {
		all, err := k.Store.OpenAlerts(ctx)
		k.Must(err)
		for _, a := range all {
			if a.Kind == "gateway_down" {
				out = append(out, a.ID+" "+a.Subject)
			}
		}
		return out
	}
	var first []string
	for i := range 12 {
		k.Advance(20 * time.Second)
		k.Must(cutOff.Watchdog(ctx))
		k.Must(k.Shop.Watchdog(ctx))
		if i < 4 {
			continue
		}
		got := open()
		if first == nil {
			first = got
		}
		if len(got) != 1 || !strings.HasSuffix(got[0], " cut-off") || !slices.Equal(got, first) {
			t.Fatalf("look %d: open %v, at first %v", i, got, first)
		}
	}
	k.Advance(time.Hour) // in which the one that is cut off runs no more
	k.Must(k.Shop.Watchdog(ctx))
	if got := open(); len(got) != 0 {
		t.Errorf("still open: %v", got)
	}
}
