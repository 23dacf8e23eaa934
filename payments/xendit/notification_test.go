package xendit

import (
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/payments"
)

func header(token, id string) func(string) string {
	return func(name string) string {
		switch strings.ToLower(name) {
		case "x-callback-token":
			return token
		case "webhook-id":
			return id
		}
		return ""
	}
}

func notified(t testing.TB, tokens ...string) *Gateway {
	t.Helper()
	g, err := New(Options{Key: testKey + "x", BaseURL: "https://api.xendit.co", CallbackTokens: tokens})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTokens(t *testing.T) {
	g := notified(t, "token-new", "token-old")
	body := []byte(`{"event":"payment.succeeded","data":{}}`)
	for sent, ok := range map[string]bool{"token-new": true, "token-old": true, "": false, "token": false, "token-neu": false, "token-new ": false, "token-new,token-old": false} {
		_, err := g.ParseNotification(header(sent, "1"), body)
		if ok != (err == nil) || (!ok && !fault.Is(err, fault.Denied)) {
			t.Errorf("%q: %v", sent, err)
		}
	}
	// After the rotation the old one is refused.
	if _, err := notified(t, "token-new").ParseNotification(header("token-old", "1"), body); !fault.Is(err, fault.Denied) {
		t.Error("F04:", err)
	}
	// F06: without the token nothing of the body is looked at.
	if _, err := g.ParseNotification(header("wrong", "1"), []byte("no JSON at all")); !fault.Is(err, fault.Denied) {
		t.Error("F06:", err)
	}
}

func TestEvents(t *testing.T) {
	g := notified(t, token)
	for name, want := range map[string]payments.Status{
		"payment.succeeded": payments.Paid, "payment.capture": payments.Paid, "payment.failed": payments.Failed, "payment.pending": payments.Pending,
		"payment_method.expired": payments.Expired, "payment_method.activated": payments.Unrecognised, "refund.succeeded": payments.Unrecognised, "qr.payment": payments.Unrecognised, "": payments.Unrecognised,
	} {
		n, err := g.ParseNotification(header(token, "evt-1"), []byte(`{"event":"`+name+`","data":{"payment_request_id":"pr-1","reference_id":"A-1"}}`))
		if err != nil || n.Status != want || n.Key != "evt-1" || n.GatewayID != "pr-1" || n.Reference != "A-1" || n.Sample {
			t.Errorf("%s: %+v %v", name, n, err)
		}
	}
	n, err := g.ParseNotification(header(token, ""), []byte(`{"event":"x","business_id":"sample_business_id"}`))
	if err != nil || !n.Sample || !strings.HasPrefix(n.Key, "sha256:") {
		t.Errorf("%+v %v", n, err)
	}
	again, err := g.ParseNotification(header(token, ""), []byte(`{"event":"x","business_id":"sample_business_id"}`))
	if err != nil || again.Key != n.Key {
		t.Error("the same body must have the same key")
	}
}

func TestF05BrokenBodies(t *testing.T) {
	g := notified(t, token)
	for name, body := range map[string]string{"empty": "", "text": "paid", "array": "[]", "number": "3", "half": `{"event":"pay`, "wrong types": `{"event":3,"data":"x"}`,
		"deep": strings.Repeat(`{"data":`, 20000), "large": `{"event":"` + strings.Repeat("a", 1<<20) + `"}`} {
		if _, err := g.ParseNotification(header(token, "1"), []byte(body)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	n, err := g.ParseNotification(header(token, strings.Repeat("k", 5000)), []byte(`{"event":"`+strings.Repeat("e", 3000)+`","data":{"reference_id":"a\u0000b"}}`))
	if err != nil || len(n.Key) > longestKey || len(n.Event) > longestKey || strings.Contains(n.Reference, "\x00") {
		t.Errorf("%+v %v", n, err)
	}
}

func FuzzParseNotification(f *testing.F) {
	g := notified(f, token)
	f.Add([]byte(`{"event":"payment.succeeded","data":{"payment_request_id":"pr-1","reference_id":"A-1","amount":"5000"}}`), "evt")
	f.Add([]byte(`{"data":{"data":{}}}`), "")
	f.Fuzz(func(t *testing.T, body []byte, id string) {
		n, err := g.ParseNotification(header(token, id), body)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if n.Key == "" || len(n.Key) > longestKey || len(n.Reference) > longestKey || strings.Contains(n.Reference+n.GatewayID+n.Event, "\x00") {
			t.Fatalf("%+v", n)
		}
	})
}
