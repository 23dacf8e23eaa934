package xendit

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xendit/xendit-go/v7/common"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/sim/xenditsim"
	"gerai/payments"
)

var ctx = context.Background()

const token = "the-callback-token"

type bench struct {
	*Gateway
	sim  *xenditsim.Sim
	last atomic.Pointer[http.Request]
	body atomic.Pointer[string]
}

// open runs the gateway against the simulator and keeps the last request.
func open(t *testing.T) *bench {
	t.Helper()
	b := &bench{}
	var err error
	b.sim, err = xenditsim.New(xenditsim.Options{CallbackToken: token, MerchantName: "Gerai"})
	if err != nil {
		t.Fatal(err)
	}
	api := b.sim.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		text := string(raw)
		b.body.Store(&text)
		b.last.Store(r)
		r.Body = io.NopCloser(strings.NewReader(text))
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.Close()
		if err := b.sim.Close(); err != nil {
			t.Error(err)
		}
	})
	b.Gateway = must(t, Options{Key: testKey + "x", BaseURL: server.URL, CallbackTokens: []string{token}, Timeout: 2 * time.Second})
	return b
}

func must(t *testing.T, o Options) *Gateway {
	t.Helper()
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func in(reference string, m payments.Method) payments.CreateIn {
	return payments.CreateIn{Reference: reference, IdempotencyKey: "key-" + reference, Method: m, Amount: 15000, PayerName: "Gerai 24 Jam!", ExpiresAt: time.Now().Add(time.Hour)}
}

// stub answers every call with one status and body.
func stub(t *testing.T, status int, body string) *Gateway {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return must(t, Options{Key: testKey + "x", BaseURL: s.URL, CallbackTokens: []string{token}, Timeout: 300 * time.Millisecond})
}

func TestCreateReadListCancel(t *testing.T) {
	b := open(t)
	for _, m := range append([]payments.Method{payments.QRIS}, payments.VA("BCA"), payments.VA("BNI"), payments.VA("BRI"), payments.VA("MANDIRI"), payments.VA("PERMATA"), payments.VA("BSI"), payments.VA("CIMB")) {
		ref := "REF-" + string(m)
		c, err := b.Create(ctx, in(ref, m))
		if err != nil || c.Reference != ref || c.Amount != 15000 || c.Status != payments.Pending || c.Method != m || (c.QR == "") == (c.VA == "") {
			t.Fatalf("%s: %+v %v", m, c, err)
		}
		again, err := b.Create(ctx, in(ref, m))
		if m == payments.QRIS && (err != nil || again.GatewayID != c.GatewayID) {
			t.Fatalf("%s: a repeat made another charge: %v %v", m, again.GatewayID, err)
		}
		if _, err := b.sim.Pay(xenditsim.PayIn{ReferenceID: ref}); err != nil {
			t.Fatal(err)
		}
		got, err := b.Get(ctx, c.GatewayID)
		sum, rupiah := got.Sum()
		if err != nil || got.Status != payments.Paid || sum != 15000 || !rupiah || got.PaidAt().IsZero() {
			t.Fatalf("%s: %+v %v", m, got, err)
		}
		found, err := b.Find(ctx, ref)
		if err != nil || len(found) != 1 || len(found[0].Paid) != 1 {
			t.Fatalf("%s: %+v %v", m, found, err)
		}
		listed, err := b.List(ctx, []string{c.GatewayID, "pr-unknown"})
		if err != nil || len(listed) != 1 || listed[0].Status != payments.Paid {
			t.Fatalf("%s: %+v %v", m, listed, err)
		}
	}
	c, err := b.Create(ctx, in("REF-cancel", payments.VA("BNI")))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := b.Cancel(ctx, c); err != nil {
			t.Fatal("cancelling twice is no error:", err)
		}
	}
	if _, err := b.sim.Pay(xenditsim.PayIn{ReferenceID: "REF-cancel"}); !errors.Is(err, xenditsim.ErrClosed) {
		t.Fatal(err)
	}
	if _, err := b.Get(ctx, "pr-nothing"); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
}

// The traps of the SDK and of the API, each by its name.
func TestTraps(t *testing.T) {
	t.Run("1 a nil SDK error is not an error", func(t *testing.T) {
		var none *common.XenditSdkError
		a, err := collect("op", &trace{}, &http.Response{StatusCode: 201, Body: io.NopCloser(strings.NewReader("{}"))}, none, fault.Unknown)
		if err != nil || a.status != 201 {
			t.Fatal(err)
		}
	})
	t.Run("2 a lost connection is unknown, a refused one did nothing", func(t *testing.T) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				c.Close()
			}
		}))
		g := must(t, Options{Key: testKey + "x", BaseURL: s.URL, CallbackTokens: []string{token}})
		if _, err := g.Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unknown) {
			t.Errorf("cut: %v", err)
		}
		if _, err := g.Get(ctx, "pr-1"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("cut read: %v", err)
		}
		s.Close()
		if _, err := g.Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("refused: %v", err)
		}
	})
	t.Run("2 deadlines hold", func(t *testing.T) {
		hold := make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
		defer s.Close()
		defer close(hold)
		g := must(t, Options{Key: testKey + "x", BaseURL: s.URL, CallbackTokens: []string{token}, Timeout: 50 * time.Millisecond})
		if _, err := g.Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unknown) {
			t.Fatal(err)
		}
	})
	t.Run("3 a 2xx that cannot be read is unknown", func(t *testing.T) {
		for _, body := range []string{`{"id":"pr-1","amo`, `[]`, `{}`, `{"id":"pr-1","reference_id":"A-1","amount":"many"}`} {
			if _, err := stub(t, 201, body).Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unknown) {
				t.Errorf("%s: %v", body, err)
			}
		}
	})
	t.Run("4 an HTML error page is unknown for a write and unavailable for a read", func(t *testing.T) {
		g := stub(t, 502, "<html>Bad Gateway</html>")
		if _, err := g.Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unknown) {
			t.Error(err)
		}
		if _, err := g.List(ctx, []string{"pr-1"}); !fault.Is(err, fault.Unavailable) {
			t.Error(err)
		}
	})
	t.Run("5 QRIS never carries an expiry, accounts always do", func(t *testing.T) {
		b := open(t)
		if _, err := b.Create(ctx, in("A-1", payments.QRIS)); err != nil || strings.Contains(*b.body.Load(), "expires_at") {
			t.Errorf("%v %s", err, *b.body.Load())
		}
		if _, err := b.Create(ctx, in("A-2", payments.VA("BSI"))); err != nil || !strings.Contains(*b.body.Load(), "expires_at") {
			t.Errorf("%v %s", err, *b.body.Load())
		}
		if body := *b.body.Load(); !strings.Contains(body, `"customer_name":"Gerai Jam"`) {
			t.Error("payer name not cleaned:", body)
		}
		if key := b.last.Load().Header.Get("idempotency-key"); key != "key-A-2" {
			t.Error("idempotency key:", key)
		}
	})
	t.Run("6 an unknown status changes nothing", func(t *testing.T) {
		c, err := stub(t, 200, `{"id":"pr-1","reference_id":"A-1","amount":5000,"currency":"IDR","status":"TELEPORTED","payment_method":{"id":"pm-1"}}`).Get(ctx, "pr-1")
		if err != nil || c.Status != payments.Unrecognised {
			t.Fatalf("%+v %v", c, err)
		}
	})
	t.Run("7 amounts are never rounded", func(t *testing.T) {
		for text, want := range map[string]money.Rupiah{"16777217": 16777217, `"16777217"`: 16777217, "16777217.00": 16777217} {
			c, err := stub(t, 200, `{"id":"pr-1","reference_id":"A-1","amount":`+text+`,"currency":"IDR","status":"PENDING","payment_method":{"id":"pm-1"}}`).Get(ctx, "pr-1")
			if err != nil || c.Amount != want {
				t.Errorf("%s: %d %v", text, c.Amount, err)
			}
		}
		if _, err := stub(t, 200, `{"id":"pr-1","reference_id":"A-1","amount":5000.5,"currency":"IDR","status":"PENDING","payment_method":{"id":"pm-1"}}`).Get(ctx, "pr-1"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("half a rupiah: %v", err)
		}
	})
	t.Run("8 13 listing goes by ids, never by time or amount", func(t *testing.T) {
		b := open(t)
		if _, err := b.List(ctx, []string{"pr-1", "pr-2"}); err != nil {
			t.Fatal(err)
		}
		q := b.last.Load().URL.Query()
		if len(q["id"]) != 2 || q.Has("created[gte]") || q.Has("amount") {
			t.Fatal(q)
		}
		if _, err := b.List(ctx, make([]string, mostListed+1)); err == nil {
			t.Fatal("too many at once")
		}
	})
	t.Run("9 no metadata when none is given", func(t *testing.T) {
		b := open(t)
		if _, err := b.Create(ctx, in("A-1", payments.QRIS)); err != nil || strings.Contains(*b.body.Load(), "metadata") {
			t.Fatal(*b.body.Load(), err)
		}
	})
	t.Run("metadata comes back with every read", func(t *testing.T) {
		b := open(t)
		about := map[string]string{"kind": "voucher", "price": "15000"}
		what := in("A-1", payments.QRIS)
		what.Metadata = about
		c, err := b.Create(ctx, what)
		if err != nil || !maps.Equal(c.Metadata, about) {
			t.Fatal(c.Metadata, err)
		}
		again, err := b.Create(ctx, what)
		if err != nil || again.GatewayID != c.GatewayID {
			t.Fatal("the same content is not the same request", again, err)
		}
		if _, err := b.sim.Pay(xenditsim.PayIn{ReferenceID: "A-1"}); err != nil {
			t.Fatal(err)
		}
		got, err1 := b.Get(ctx, c.GatewayID)
		found, err2 := b.Find(ctx, "A-1")
		listed, err3 := b.List(ctx, []string{c.GatewayID})
		if err := errors.Join(err1, err2, err3); err != nil || len(found) != 1 || len(listed) != 1 {
			t.Fatal(found, listed, err)
		}
		for how, c := range map[string]payments.Charge{"get": got, "find": found[0], "list": listed[0]} {
			if !maps.Equal(c.Metadata, about) {
				t.Errorf("%s: %v", how, c.Metadata)
			}
		}
	})
	t.Run("metadata of charges made elsewhere may be anything", func(t *testing.T) {
		for text, want := range map[string]map[string]string{`null`: nil, `{}`: nil, `"x"`: nil, `[1]`: nil, `{"a":1,"b":"2","c":{"d":"e"},"f":null}`: {"b": "2"}} {
			c, err := stub(t, 200, `{"id":"pr-1","reference_id":"A-1","amount":5000,"currency":"IDR","status":"PENDING","metadata":`+text+`,"payment_method":{"id":"pm-1"}}`).Get(ctx, "pr-1")
			if err != nil || !maps.Equal(c.Metadata, want) {
				t.Errorf("%s: %v %v", text, c.Metadata, err)
			}
		}
	})
	t.Run("10 an amount as text in a webhook is read", func(t *testing.T) {
		b := open(t)
		n, err := b.ParseNotification(header(token, "1"), []byte(`{"event":"payment.succeeded","data":{"reference_id":"A-1","amount":"5000"}}`))
		if err != nil || n.Status != payments.Paid {
			t.Fatal(n, err)
		}
	})
	t.Run("11 cancelling sends an object, not null", func(t *testing.T) {
		b := open(t)
		c, err := b.Create(ctx, in("A-1", payments.QRIS))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Cancel(ctx, c); err != nil || strings.TrimSpace(*b.body.Load()) == "null" {
			t.Fatal(*b.body.Load(), err)
		}
	})
	t.Run("12 what was paid comes from the payments, not from the request", func(t *testing.T) {
		b := open(t)
		c, err := b.Create(ctx, in("A-1", payments.QRIS))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.sim.Pay(xenditsim.PayIn{ReferenceID: "A-1", Amount: 9000}); err != nil {
			t.Fatal(err)
		}
		got, err := b.Get(ctx, c.GatewayID)
		if sum, _ := got.Sum(); err != nil || sum != 9000 || got.Amount != 15000 {
			t.Fatalf("%+v %v", got, err)
		}
	})
}

func TestErrorsAreClassed(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		kind   fault.Kind
		word   string
	}{
		{400, "API_VALIDATION_ERROR", fault.Refused, "gateway.refused"},
		{400, "PAYMENT_REQUEST_RATE_LIMITED", fault.Limited, "gateway.busy"},
		{401, "INVALID_API_KEY", fault.Config, "gateway.config"},
		{403, "REQUEST_FORBIDDEN_ERROR", fault.Config, "gateway.key_rights"},
		{403, "CHANNEL_NOT_ACTIVATED", fault.Config, "gateway.channel_off"},
		{404, "DATA_NOT_FOUND", fault.NotFound, "gateway.not_found"},
		{408, "", fault.Unknown, "gateway.busy"},
		{409, "IDEMPOTENCY_ERROR", fault.Unknown, "gateway.busy"},
		{429, "RATE_LIMIT_EXCEEDED", fault.Limited, "gateway.busy"},
		{500, "SERVER_ERROR", fault.Unknown, "gateway.busy"},
		{503, "CHANNEL_UNAVAILABLE", fault.Unknown, "gateway.busy"},
		{302, "", fault.Unknown, "gateway.busy"},
	} {
		_, err := stub(t, c.status, `{"error_code":"`+c.code+`","message":"m"}`).Create(ctx, in("A-1", payments.QRIS))
		if !fault.Is(err, c.kind) || fault.CodeOf(err) != c.word {
			t.Errorf("%d %s: %v", c.status, c.code, err)
		}
		if err != nil && strings.Contains(err.Error(), testKey) {
			t.Errorf("%d: the key is in the error", c.status)
		}
	}
}

func TestTimeoutAfterCommitMakesOneCharge(t *testing.T) {
	b := open(t)
	b.sim.SetFaults(xenditsim.Faults{TimeoutAfter: true, Count: 1})
	if _, err := b.Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unknown) {
		t.Fatal(err)
	}
	c, err := b.Create(ctx, in("A-1", payments.QRIS))
	if err != nil || len(b.sim.Payments()) != 1 || b.sim.Payments()[0].PaymentRequestID != c.GatewayID {
		t.Fatalf("%+v %v %d charges", c, err, len(b.sim.Payments()))
	}
}

func TestConfigurationMistakesAreListed(t *testing.T) {
	_, err := New(Options{Key: "xnd_public_x", BaseURL: "api.xendit.co"})
	if !fault.Is(err, fault.Config) {
		t.Fatal(err)
	}
	for _, want := range []string{"key must start", "base URL", "no callback token"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %q: %v", want, err)
		}
	}
	if _, err := New(Options{Key: liveKey + "x", BaseURL: "http://api.xendit.co", CallbackTokens: []string{token}}); !fault.Is(err, fault.Config) {
		t.Error("a live key over plain http:", err)
	}
	if _, err := New(Options{Key: testKey + "x", BaseURL: "https://api.xendit.co", CallbackTokens: []string{""}}); !fault.Is(err, fault.Config) {
		t.Error("F03 an empty token:", err)
	}
	if g := must(t, Options{Key: liveKey + "x", BaseURL: "https://api.xendit.co", CallbackTokens: []string{token}}); !g.Live() || g.Name() != "xendit" {
		t.Error("live")
	}
}
