package xenditsim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// world is a simulator with a shop's webhook endpoint and a clock.
type world struct {
	*Sim
	testing.TB
	api *httptest.Server
	mu  sync.Mutex
	at  time.Time
	got []delivery
	say int // the endpoint's answer
}

type delivery struct {
	id, token, event string
	body             map[string]any
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) move(d time.Duration) {
	w.mu.Lock()
	w.at = w.at.Add(d)
	w.mu.Unlock()
	w.Tick()
	w.drain()
}

func (w *world) drain() {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := w.Drain(ctx); err != nil {
		w.Fatal(err)
	}
}

func open(t *testing.T, state string) *world {
	t.Helper()
	w := &world{TB: t, at: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC), say: 200}
	door := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		d := delivery{id: r.Header.Get("webhook-id"), token: r.Header.Get("x-callback-token")}
		if err := json.NewDecoder(r.Body).Decode(&d.body); err != nil {
			t.Error(err)
		}
		d.event, _ = d.body["event"].(string)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.got = append(w.got, d)
		rw.WriteHeader(w.say)
	}))
	var err error
	w.Sim, err = New(Options{CallbackToken: "secret", WebhookURL: door.URL, StateFile: state, Now: w.now, MerchantName: "Gerai", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	w.api = httptest.NewServer(w.Handler())
	t.Cleanup(func() {
		w.api.Close()
		door.Close()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) call(method, path, body string, header ...string) (int, map[string]any) {
	w.Helper()
	req, err := http.NewRequest(method, w.api.URL+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	req.SetBasicAuth("xnd_development_x", "")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.api.Client().Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	var v map[string]any
	if bytes.HasPrefix(raw, []byte("{")) && json.Unmarshal(raw, &v) != nil && res.StatusCode < 300 {
		return res.StatusCode, nil
	}
	return res.StatusCode, v
}

func qris(ref string, amount int) string {
	return fmt.Sprintf(`{"reference_id":%q,"amount":%d,"currency":"IDR","payment_method":{"type":"QR_CODE","reusability":"ONE_TIME_USE","qr_code":{"channel_code":"QRIS"}}}`, ref, amount)
}

func va(ref, bank string, amount int) string {
	return fmt.Sprintf(`{"reference_id":%q,"amount":%d,"currency":"IDR","payment_method":{"type":"VIRTUAL_ACCOUNT","reusability":"ONE_TIME_USE","virtual_account":{"channel_code":%q,"channel_properties":{"customer_name":"GERAI","expires_at":"2026-11-24T04:00:00Z"}}}}`, ref, amount, bank)
}

func (w *world) create(body string, header ...string) map[string]any {
	w.Helper()
	status, v := w.call("POST", "/payment_requests", body, header...)
	if status != 201 {
		w.Fatalf("%d %v", status, v)
	}
	return v
}

func (w *world) events() (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.got {
		names = append(names, d.event)
	}
	return names
}

func TestCreateRules(t *testing.T) {
	w := open(t, "")
	for body, want := range map[string]int{
		qris("", 5000): 400, qris("A-1", 0): 400, qris("A-1", -5): 400, qris("A-1", 10_000_001): 400, "no json": 400, "{}": 400, va("A-1", "BCA", 9999): 400, va("A-1", "NOBANK", 50000): 400,
		strings.Replace(qris("A-1", 5000), `"QRIS"}`, `"QRIS","channel_properties":{"expires_at":"2026-11-24T04:00:00Z"}}`, 1): 400,
		strings.Replace(qris("A-1", 5000), "QRIS", "DANA", 1):                                                                  404, strings.Replace(qris("A-1", 5000), "5000", "5000.5", 1): 400, strings.Replace(qris("A-1", 5000), "IDR", "USD", 1): 400,
		strings.Replace(va("A-1", "BNI", 50000), "2026-11-24T04", "2026-11-24T01", 1): 400, strings.Replace(qris("A-1", 5000), "ONE_TIME_USE", "MULTIPLE_USE", 1): 400,
	} {
		if status, v := w.call("POST", "/payment_requests", body); status != want || v["error_code"] == nil {
			t.Errorf("%s: %d %v, want %d", body, status, v, want)
		}
	}
	for _, bank := range []string{"BCA", "BNI", "BRI", "MANDIRI", "PERMATA", "BSI", "CIMB"} {
		v := w.create(va("V-"+bank, bank, 20000))
		if v["status"] != "PENDING" || len(v["actions"].([]any)) != 0 || v["payment_method"].(map[string]any)["qr_code"] != nil {
			t.Errorf("%s: %v", bank, v)
		}
	}
	q := w.create(qris("Q-1", 5000), "idempotency-key", "k1")
	if again := w.create(qris("Q-1", 5000), "idempotency-key", "k1"); again["id"] != q["id"] {
		t.Error("the same key made another charge")
	}
	if status, v := w.call("POST", "/payment_requests", qris("Q-1", 6000), "idempotency-key", "k1"); status != 409 || v["error_code"] != "IDEMPOTENCY_ERROR" {
		t.Error(status, v)
	}
	if other := w.create(qris("Q-1", 5000), "idempotency-key", "k2"); other["id"] == q["id"] {
		t.Error("another key has to make another charge")
	}
	for _, key := range []string{"", "xnd_production_x", "guess"} {
		req, _ := http.NewRequest("GET", w.api.URL+"/balance", nil)
		req.SetBasicAuth(key, "")
		if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != 401 {
			t.Errorf("key %q let in", key)
		}
	}
}

func TestPayingAndItsEvents(t *testing.T) {
	w := open(t, "")
	v := w.create(qris("Q-1", 5000))
	if _, err := w.Pay(PayIn{PaymentRequestID: v["id"].(string)}); err != nil {
		t.Fatal(err)
	}
	w.drain()
	status, got := w.call("GET", "/payment_requests/"+v["id"].(string), "")
	if status != 200 || got["status"] != "SUCCEEDED" || got["payment_method"].(map[string]any)["status"] != "EXPIRED" {
		t.Fatal(status, got)
	}
	_, list := w.call("GET", "/v2/payment_methods/"+v["payment_method"].(map[string]any)["id"].(string)+"/payments", "")
	if data := list["data"].([]any); len(data) != 1 || data[0].(map[string]any)["amount"] != 5000.0 {
		t.Fatal(list)
	}
	if names := strings.Join(w.events(), " "); !strings.Contains(names, "payment.succeeded") || !strings.Contains(names, "payment_method.expired") {
		t.Fatal(names)
	}
	for _, d := range w.got {
		if d.token != "secret" || d.id == "" {
			t.Errorf("%+v", d)
		}
	}
	if _, err := w.Pay(PayIn{ReferenceID: "Q-1"}); err != ErrPaid {
		t.Fatal(err)
	}
	if _, err := w.Pay(PayIn{ReferenceID: "Q-1", Force: true, Amount: 1000}); err != nil {
		t.Fatal(err)
	}
	if p := w.Payments()[0]; p.PaidAmount != 6000 || p.Amount != 5000 || p.Method != "qris" {
		t.Fatalf("%+v", p)
	}
	for _, in := range []PayIn{{}, {ReferenceID: "nothing"}, {VA: "123"}, {QR: "000201"}} {
		if _, err := w.Pay(in); err != ErrUnknown {
			t.Errorf("%+v: %v", in, err)
		}
	}
}

func TestExpiry(t *testing.T) {
	w := open(t, "")
	q, a := w.create(qris("Q-1", 5000)), w.create(va("V-1", "BNI", 20000))
	w.move(61 * time.Minute)
	if _, err := w.Pay(PayIn{PaymentRequestID: a["id"].(string)}); err != ErrClosed {
		t.Fatal(err)
	}
	w.move(48 * time.Hour)
	if p := w.Payments()[0]; p.Status != "EXPIRED" {
		t.Fatalf("%+v", p)
	}
	if _, err := w.Pay(PayIn{PaymentRequestID: q["id"].(string)}); err != nil {
		t.Fatal("late QRIS money has to come through:", err)
	}
}

func TestTheLadder(t *testing.T) {
	w := open(t, "")
	w.say = 503
	w.create(qris("Q-1", 5000))
	if _, err := w.Pay(PayIn{ReferenceID: "Q-1"}); err != nil {
		t.Fatal(err)
	}
	w.drain()
	tries := func() (n int) {
		for _, a := range w.Webhooks() {
			if a.Event == "payment.succeeded" {
				n++
			}
		}
		return n
	}
	for i, wait := range ladder {
		if tries() != i+1 {
			t.Fatalf("step %d: %d tries", i, tries())
		}
		w.move(wait - time.Second)
		if tries() != i+1 {
			t.Fatalf("step %d came early", i)
		}
		w.move(2 * time.Second)
	}
	w.move(48 * time.Hour)
	if tries() != 7 {
		t.Fatalf("%d tries in all", tries())
	}
}

func TestWebhookFaults(t *testing.T) {
	for name, c := range map[string]struct {
		f     Faults
		check func(w *world) bool
	}{
		"drop":      {Faults{DropWebhooks: true}, func(w *world) bool { return len(w.got) == 0 }},
		"duplicate": {Faults{DuplicateWebhooks: true}, func(w *world) bool { return len(w.got) == 4 && w.sameIDs() == 2 }},
		"new id":    {Faults{DuplicateNewID: true}, func(w *world) bool { return len(w.got) == 4 && w.sameIDs() == 4 }},
		"wrong":     {Faults{WrongToken: true}, func(w *world) bool { return w.got[0].token != "secret" }},
		"missing":   {Faults{MissingToken: true}, func(w *world) bool { return w.got[0].token == "" }},
		"string":    {Faults{StringAmount: true}, func(w *world) bool { return w.amount() == "5000" }},
		"mismatch":  {Faults{AmountMismatch: true}, func(w *world) bool { return w.amount() == 5001.0 }},
		"v3":        {Faults{V3Events: true}, func(w *world) bool { return strings.Contains(strings.Join(w.events(), " "), "payment.capture") }},
		"unknown":   {Faults{UnknownEvent: true}, func(w *world) bool { return strings.Contains(strings.Join(w.events(), " "), "teleported") }},
		"reorder":   {Faults{ReorderWebhooks: true}, func(w *world) bool { return len(w.got) == 3 }},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, "")
			w.create(qris("Q-1", 5000))
			w.SetFaults(c.f)
			if _, err := w.Pay(PayIn{ReferenceID: "Q-1"}); err != nil {
				t.Fatal(err)
			}
			w.drain()
			if !c.check(w) {
				t.Fatalf("%+v", w.got)
			}
		})
	}
}

func (w *world) sameIDs() int {
	ids := map[string]bool{}
	for _, d := range w.got {
		ids[d.id] = true
	}
	return len(ids)
}

func (w *world) amount() any {
	for _, d := range w.got {
		if d.event == "payment.succeeded" {
			return d.body["data"].(map[string]any)["amount"]
		}
	}
	return nil
}

func TestAPIFaults(t *testing.T) {
	w := open(t, "")
	for name, c := range map[string]struct {
		f      Faults
		status int
	}{"status": {Faults{Status: 500}, 500}, "html": {Faults{HTML502: true}, 502}, "limit": {Faults{RateLimit: true}, 429}, "off": {Faults{ChannelOff: []string{"QRIS"}}, 403}, "before": {Faults{TimeoutBefore: true}, 0}, "after": {Faults{TimeoutAfter: true}, 0}} {
		before := len(w.Payments())
		w.SetFaults(c.f)
		if status, _ := w.call("POST", "/payment_requests", qris("F-"+name, 5000)); status != c.status {
			t.Errorf("%s: %d", name, status)
		}
		if made := len(w.Payments()) - before; made != map[bool]int{true: 1, false: 0}[name == "after"] {
			t.Errorf("%s: %d charges made", name, made)
		}
	}
	w.SetFaults(Faults{GetDown: true, Count: 2})
	for _, want := range []int{503, 503, 200} {
		if status, _ := w.call("GET", "/balance", ""); status != want {
			t.Errorf("count: %d, want %d", status, want)
		}
	}
	for body, want := range map[string]int{`{"drop_webhooks":true}`: 200, `{"no_such_fault":true}`: 400, `x`: 400} {
		if status, _ := w.call("PUT", "/_sim/faults", body); status != want {
			t.Errorf("%s: %d", body, status)
		}
	}
	if !w.Faults().DropWebhooks {
		t.Error("not set")
	}
}

func TestRefunds(t *testing.T) {
	w := open(t, "")
	q, a := w.create(qris("Q-1", 5000)), w.create(va("V-1", "BNI", 20000))
	refund := func(id any, amount int, key string) (int, map[string]any) {
		return w.call("POST", "/refunds", fmt.Sprintf(`{"payment_request_id":%q,"amount":%d}`, id, amount), "idempotency-key", key)
	}
	if status, v := refund(q["id"], 5000, "a"); status != 400 || v["error_code"] != "INELIGIBLE_TRANSACTION_STATUS" {
		t.Error(status, v)
	}
	for _, ref := range []string{"Q-1", "V-1"} {
		if _, err := w.Pay(PayIn{ReferenceID: ref}); err != nil {
			t.Fatal(err)
		}
	}
	if status, v := refund(a["id"], 20000, "b"); status != 403 || v["error_code"] != "REFUND_NOT_SUPPORTED" {
		t.Error(status, v)
	}
	for range 2 {
		if status, v := refund(q["id"], 3000, "c"); status != 200 || v["amount"] != 3000.0 {
			t.Error(status, v)
		}
	}
	if status, v := refund(q["id"], 3000, "d"); status != 400 || v["error_code"] != "REFUND_AMOUNT_EXCEEDED" {
		t.Error(status, v)
	}
	if _, v := w.call("GET", "/balance", ""); v["balance"] != 22000.0 {
		t.Error(v)
	}
}

func TestStatement(t *testing.T) {
	w := open(t, "")
	q := w.create(qris("Q-1", 5000))
	w.create(va("V-1", "BNI", 20000))
	for _, ref := range []string{"Q-1", "V-1"} {
		if _, err := w.Pay(PayIn{ReferenceID: ref}); err != nil {
			t.Fatal(err)
		}
		w.move(time.Hour)
	}
	w.call("POST", "/refunds", fmt.Sprintf(`{"payment_request_id":%q,"amount":3000,"reference_id":"back-1"}`, q["id"]))
	lines := func(query string) (out []map[string]any) {
		_, v := w.call("GET", "/transactions?limit=50&"+query, "")
		for _, x := range v["data"].([]any) {
			out = append(out, x.(map[string]any))
		}
		return out
	}
	all := lines("")
	if len(all) != 3 || all[0]["type"] != "REFUND" || all[0]["cashflow"] != "MONEY_OUT" || all[2]["reference_id"] != "Q-1" || all[2]["settlement_status"] != "PENDING" ||
		all[2]["net_amount"] != 4965.0 || all[1]["settlement_status"] != "SETTLED" || all[1]["net_amount"] != 15560.0 {
		t.Fatal(all)
	}
	for query, want := range map[string]int{"types=PAYMENT": 2, "created[gte]=2026-11-24T04:00:00.000Z": 2, "created[gte]=2026-11-24T04:00:00.001Z": 1, "created[lte]=2026-11-24T04:00:00.000Z": 2,
		"reference_id=V-1": 1, "currency=USD": 0} {
		if got := lines(query); len(got) != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	if status, _ := w.call("GET", "/transactions?created[gte]=2026-08-01+10:00:00+%2B0700+WIB", ""); status != 400 {
		t.Error("an instant in Go's form:", status)
	}
	_, page := w.call("GET", "/transactions?limit=2", "")
	if page["has_more"] != true || len(page["links"].([]any)) != 1 {
		t.Error(page)
	}
	if rest := lines("after_id=" + page["data"].([]any)[1].(map[string]any)["id"].(string)); len(rest) != 1 || rest[0]["id"] != all[2]["id"] {
		t.Error(rest)
	}
	w.move(48 * time.Hour)
	if x := lines("reference_id=Q-1")[0]; x["settlement_status"] != "SETTLED" || x["fee"].(map[string]any)["status"] != "COMPLETED" {
		t.Error(x)
	}
	w.SetFaults(Faults{HideTransactions: []string{"V-1"}, TransactionAmount: 1, TransactionFee: 10, BareTransactions: true})
	if all = lines("types=PAYMENT"); len(all) != 1 || all[0]["amount"] != 5001.0 || all[0]["net_amount"] != 4956.0 || all[0]["product_data"] != nil {
		t.Error(all)
	}
}

func TestListing(t *testing.T) {
	w := open(t, "")
	var ids []string
	for i := range 15 {
		ids = append(ids, w.create(qris(fmt.Sprintf("L-%d", i), 5000))["id"].(string))
	}
	_, v := w.call("GET", "/payment_requests?limit=10", "")
	data := v["data"].([]any)
	if len(data) != 10 || v["has_more"] != true || data[0].(map[string]any)["id"] != ids[14] {
		t.Fatal(len(data), v["has_more"])
	}
	_, v = w.call("GET", "/payment_requests?limit=10&after_id="+data[9].(map[string]any)["id"].(string), "")
	if len(v["data"].([]any)) != 5 || v["has_more"] != false {
		t.Fatal(v["has_more"])
	}
	_, v = w.call("GET", "/payment_requests?id="+ids[0]+"&id="+ids[3]+"&id=pr-no&limit=50", "")
	if len(v["data"].([]any)) != 2 {
		t.Fatal(v)
	}
}

func TestStateSurvivesAKill(t *testing.T) {
	state := filepath.Join(t.TempDir(), "xendit.jsonl")
	w := open(t, state)
	w.say = 500
	w.create(qris("Q-1", 5000), "idempotency-key", "k1")
	w.create(va("V-1", "BCA", 20000))
	if _, err := w.Pay(PayIn{ReferenceID: "Q-1"}); err != nil {
		t.Fatal(err)
	}
	w.drain()
	// What a kill leaves: the journal as it is, its last line torn.
	text, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(t.TempDir(), "torn.jsonl")
	if err := os.WriteFile(torn, append(text, []byte(`{"request":{"id":"pr-ha`)...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, torn)
	if was, is := w.Webhooks(), again.Webhooks(); len(was) == 0 || len(is) < len(was) || !slices.Equal(is[:len(was)], was) {
		t.Fatalf("deliveries %+v became %+v", was, is)
	}
	if p := again.Payments(); len(p) != 2 || p[0].Status != "SUCCEEDED" || p[0].PaidAmount != 5000 || p[1].VA == "" {
		t.Fatalf("%+v", p)
	}
	if v := again.create(qris("Q-1", 5000), "idempotency-key", "k1"); v["reference_id"] != "Q-1" || len(again.Payments()) != 2 {
		t.Fatal("the key was forgotten")
	}
	again.move(16 * time.Minute)
	if len(again.got) == 0 {
		t.Fatal("undelivered webhooks were forgotten")
	}
	if err := os.WriteFile(torn, []byte("{\"request\":7}\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{StateFile: torn}); err == nil {
		t.Fatal("a damaged journal was accepted")
	}
}

func TestPagesForPeople(t *testing.T) {
	w := open(t, "")
	v := w.create(va("V-1", "BNI", 20000))
	number := v["payment_method"].(map[string]any)["virtual_account"].(map[string]any)["channel_properties"].(map[string]any)["virtual_account_number"].(string)
	res, err := w.api.Client().PostForm(w.api.URL+"/_sim/bank", map[string][]string{"code": {number[:4] + " " + number[4:]}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || !bytes.Contains(text, []byte("Pembayaran terkirim")) || w.Payments()[0].Status != "SUCCEEDED" {
		t.Fatal(string(text), err)
	}
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"), goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
}

// What no route takes is answered in JSON like every other refusal.
func TestUnknownRoutesAreJSON(t *testing.T) {
	w := open(t, "")
	for _, c := range []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/nowhere", 404, "NOT_FOUND"}, {"POST", "/v3/unknown/x", 404, "NOT_FOUND"}, {"GET", "/_sim/nothing", 404, "NOT_FOUND"},
		{"DELETE", "/payment_requests", 405, "METHOD_NOT_ALLOWED"}, {"POST", "/_sim/payments", 405, "METHOD_NOT_ALLOWED"},
	} {
		req, err := http.NewRequest(c.method, w.api.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var said struct {
			Code string `json:"error_code"`
		}
		err = json.NewDecoder(res.Body).Decode(&said)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != c.status || said.Code != c.code || res.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %q %q (%v)", c.method, c.path, res.StatusCode, said.Code, res.Header.Get("Content-Type"), err)
		}
		if (res.Header.Get("Allow") != "") != (c.status == 405) {
			t.Errorf("%s %s: Allow %q", c.method, c.path, res.Header.Get("Allow"))
		}
	}
}
