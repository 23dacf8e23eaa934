package xendit

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"gerai/internal/fault"
	"gerai/payments"
)

// A redirect is no answer of the gateway: nothing follows it, and what a write
// has done is unknown.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var followed atomic.Int32
		elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			followed.Add(1)
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(`{"id":"pr-1","reference_id":"A-1","amount":5000,"currency":"IDR","status":"SUCCEEDED","payment_method":{"id":"pm-1"}}`))
		}))
		portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		}))
		g := must(t, Options{Key: testKey + "x", BaseURL: portal.URL, CallbackTokens: []string{token}})
		if _, err := g.Create(ctx, in("A-1", payments.QRIS)); !fault.Is(err, fault.Unknown) {
			t.Errorf("%d: create: %v", status, err)
		}
		if c, err := g.Get(ctx, "pr-1"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%d: read: %+v %v", status, c, err)
		}
		if _, err := g.Refund(ctx, payments.RefundIn{GatewayID: "pr-1", Amount: 5000}); err == nil {
			t.Errorf("%d: refund", status)
		}
		if n := followed.Load(); n != 0 {
			t.Errorf("%d: %d requests went elsewhere", status, n)
		}
		portal.Close()
		elsewhere.Close()
	}
}
