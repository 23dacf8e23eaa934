package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/priority"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store/storetest"
	"gerai/payments"
	"gerai/payments/webhook"
)

type harness struct {
	*shoptest.Harness
	app *fiber.App
	mu  sync.Mutex
	got map[string]int
	log bytes.Buffer
}

func open(t *testing.T, database string, keep webhook.Recorder) *harness {
	t.Helper()
	d := &harness{Harness: shoptest.New(t, shoptest.OnDatabase(database)), got: map[string]int{}}
	if keep == nil {
		keep = d.Shop.Orders
	}
	d.app = httpx.NewServer(httpx.Options{})
	hook := &webhook.Handler{Verify: d.Gateway, Recorder: keep, Log: slog.New(slog.NewTextHandler(&d.log, nil)), Count: func(o string) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.got[o]++
	}}
	d.app.Post("/webhooks/xendit", hook.Handle)
	return d
}

func (d *harness) send(token, id, body string) int {
	d.Helper()
	req := httptest.NewRequest("POST", "/webhooks/xendit", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("X-Callback-Token", token)
	}
	if id != "" {
		req.Header.Set("Webhook-Id", id)
	}
	res, err := d.app.Test(req, -1)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

const paid = `{"event":"payment.succeeded","business_id":"b","data":{"id":"py-1","payment_request_id":"pr-x","reference_id":"ABCDEFGH-1","amount":5000,"currency":"IDR","status":"SUCCEEDED"}}`

func TestDoor(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		d := open(t, database, nil)
		for _, c := range []struct {
			name, token, id, body string
			status                int
		}{
			{"F01 no token", "", "1", paid, 401},
			{"F02 wrong token of the same length", strings.Repeat("x", len(shoptest.Token)), "1", paid, 401},
			{"F02 wrong token of another length", "x", "1", paid, 401},
			{"F05 no JSON", shoptest.Token, "1", "paid!", 400},
			{"F05 wrong type", shoptest.Token, "1", `{"event":{}}`, 400},
			{"F05 deep nesting", shoptest.Token, "1", strings.Repeat("[", 30000), 400},
			{"F05 more than 64 KB", shoptest.Token, "1", `{"event":"` + strings.Repeat("a", webhook.MaxBody) + `"}`, 413},
			{"more than 64 KB, no token", "", "1", strings.Repeat("a", webhook.MaxBody+1), 401},
			{"more than 64 KB, wrong token", "x", "1", strings.Repeat("a", webhook.MaxBody+1), 401},
			{"F06 says paid, token wrong", "guess", "1", paid, 401},
			{"F07 unknown event", shoptest.Token, "2", `{"event":"moon.landing","data":{}}`, 200},
			{"F08 unknown reference", shoptest.Token, "3", paid, 200},
			{"broken text in every field", shoptest.Token, "\xff\xfe", "{\"event\":\"a\xff\",\"data\":{\"reference_id\":\"b\\u0000\",\"payment_request_id\":\"\xc3\x28\"}}", 200},
			{"no event id", shoptest.Token, "", `{"event":"payment.pending","data":{}}`, 200},
		} {
			if status := d.send(c.token, c.id, c.body); status != c.status {
				t.Errorf("%s: answered %d, want %d", c.name, status, c.status)
			}
		}
		if d.got["denied"] != 6 || d.got["kept"] != 4 || d.got["too_large"] != 1 || d.got["invalid"] != 3 {
			t.Errorf("counted %v", d.got)
		}
		if log := d.log.String(); strings.Contains(log, shoptest.Token) || strings.Contains(log, "ABCDEFGH") {
			t.Error("secrets or bodies in the log:", log)
		}
		d.RunAll()
		// Nothing that was refused was stored.
		if n := d.send(shoptest.Token, "3", paid); n != 200 || d.got["kept"] != 5 {
			t.Error("the same event again must be welcome")
		}
	})
}

// F10 F11 at the handler: one order, many copies, in parallel.
func TestCopiesInParallel(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		d := open(t, database, nil)
		o := d.Buy("sehari", "qris")
		d.CloseWebhook()
		d.Pay(o)
		body := strings.NewReplacer("ABCDEFGH-1", d.Reference(o), "pr-x", d.GatewayID(o)).Replace(paid)
		var all sync.WaitGroup
		for range 50 {
			all.Add(1)
			go func() {
				defer all.Done()
				if status := d.send(shoptest.Token, "same", body); status != 200 {
					t.Errorf("answered %d", status)
				}
			}()
		}
		all.Wait()
		d.RunAll()
		d.Want(o, order.Activated)
		if n := d.AuditCount(o, "payment.record"); n != 1 {
			t.Errorf("recorded %d times", n)
		}
		d.Invariants()
	})
}

type broken struct{}

func (broken) RecordWebhookEvent(context.Context, payments.Notification, []byte) error {
	return errors.New("disk full")
}

// F17 F62: what cannot be stored is not acknowledged.
func TestNothingIsAcknowledgedThatIsNotStored(t *testing.T) {
	d := open(t, "sqlite:"+t.TempDir()+"/gerai.db", broken{})
	if status := d.send(shoptest.Token, "1", paid); status != 503 {
		t.Fatalf("answered %d", status)
	}
}

// Who knocks with a wrong token is named as the proxy in front sees them.
func TestRefusedKnockNamesTheClient(t *testing.T) {
	var log bytes.Buffer
	k := shoptest.New(t)
	app := httpx.NewServer(httpx.Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")}}) // where app.Test comes from
	app.Post("/", (&webhook.Handler{Verify: k.Gateway, Recorder: k.Shop.Orders, Log: slog.New(slog.NewTextHandler(&log, nil))}).Handle)
	req := httptest.NewRequest("POST", "/", strings.NewReader("{}"))
	req.Header.Set("X-Forwarded-For", "203.0.113.9")
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != fiber.StatusUnauthorized || !strings.Contains(log.String(), "from=203.0.113.9") {
		t.Errorf("%d %s", res.StatusCode, log.String())
	}
}

type levels struct{ got []priority.Level }

func (l *levels) RecordWebhookEvent(ctx context.Context, _ payments.Notification, _ []byte) error {
	l.got = append(l.got, priority.Of(ctx))
	return nil
}

// Money does not wait behind orders that are being placed.
func TestMessagesAreUrgent(t *testing.T) {
	kept := &levels{}
	d := open(t, storetest.SQLite(t), kept)
	if status := d.send(shoptest.Token, "1", paid); status != 200 || !slices.Equal(kept.got, []priority.Level{priority.Urgent}) {
		t.Errorf("answered %d, kept as %v", status, kept.got)
	}
}
