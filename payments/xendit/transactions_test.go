package xendit

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/sim/xenditsim"
	"gerai/payments"
)

// statement reads every page of a span.
func statement(t *testing.T, g *Gateway, from, until time.Time) (all []payments.Transaction, pages int) {
	t.Helper()
	for cursor := ""; ; pages++ {
		page, next, err := g.Transactions(ctx, from, until, cursor)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
		if cursor = next; cursor == "" {
			return all, pages + 1
		}
	}
}

func TestTransactions(t *testing.T) {
	b := open(t)
	began := time.Now().Add(-time.Second)
	qr, va := paid(t, b, "T-1", payments.QRIS), paid(t, b, "T-2", payments.VA("BNI"))
	bca := paid(t, b, "T-3", payments.VA("BCA"))
	back, err := b.Refund(ctx, payments.RefundIn{GatewayID: qr.GatewayID, Reference: "refund-1", IdempotencyKey: "key-1", Amount: 5000})
	if err != nil {
		t.Fatal(err)
	}
	ended := time.Now().Add(time.Second)
	all, pages := statement(t, b.Gateway, began, ended)
	by := map[string]payments.Transaction{}
	for _, x := range all {
		by[x.Reference] = x
	}
	if len(all) != 4 || len(by) != 4 || pages != 1 {
		t.Fatalf("%d pages: %+v", pages, all)
	}
	if x := by["T-1"]; x.Type != payments.PaymentTransaction || x.Status != payments.TransactionDone || x.ChargeID != qr.GatewayID || x.Method != payments.QRIS || !x.In ||
		x.Amount != 15000 || x.Currency != money.Currency || x.Fee != 105 || x.FeeFinal || x.Settled != payments.SettlementPending || x.SettlesAt.Sub(x.CreatedAt) != 48*time.Hour || x.ID == "" || x.ProductID == "" {
		t.Errorf("%+v", x)
	}
	if x := by["T-2"]; x.ChargeID != va.GatewayID || x.Method != payments.VA("BNI") || x.Fee != 4440 || !x.FeeFinal || x.Settled != payments.SettlementDone || x.SettlesAt.IsZero() {
		t.Errorf("%+v", x)
	}
	if x := by["T-3"]; x.ChargeID != bca.GatewayID || x.Settled != payments.SettlementPending {
		t.Errorf("%+v", x)
	}
	if x := by["refund-1"]; x.Type != payments.RefundTransaction || x.In || x.Amount != 5000 || x.Fee != 0 || x.ProductID != back.ID || x.ChargeID != "" {
		t.Errorf("%+v", x)
	}
	q := b.last.Load().URL.Query()
	if q.Get("created[gte]") == "" || q.Get("limit") != "50" || q.Get("currency") != "IDR" {
		t.Error(q)
	}
	if user, _, ok := b.last.Load().BasicAuth(); !ok || user != testKey+"x" {
		t.Error("asked without the key")
	}
	b.sim.SetFaults(xenditsim.Faults{TransactionsForbidden: true})
	if _, _, err := b.Transactions(ctx, began, ended, ""); !fault.Is(err, fault.Config) || fault.CodeOf(err) != "gateway.statement_forbidden" {
		t.Error(err)
	}
}

// However many pages a span has, every line is read once, and lines of the instant
// at which one span ends and the next begins are in exactly one of them.
func TestTransactionPages(t *testing.T) {
	b := open(t)
	began := time.Now().Add(-time.Second)
	const n = 2*mostListed + 7
	for i := range n {
		paid(t, b, "P-"+strconv.Itoa(i), payments.QRIS)
	}
	all, pages := statement(t, b.Gateway, began, time.Now().Add(time.Second))
	if len(all) != n || pages != 3 {
		t.Fatal(len(all), pages)
	}
	middle := all[n/2].CreatedAt
	first, _ := statement(t, b.Gateway, began, middle)
	second, _ := statement(t, b.Gateway, middle, time.Now().Add(time.Second))
	seen := map[string]int{}
	for _, x := range append(first, second...) {
		seen[x.ID]++
	}
	if len(first)+len(second) != n || len(seen) != n {
		t.Errorf("%d and %d lines, %d of them different", len(first), len(second), len(seen))
	}
}

func TestTransactionAnswers(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	line := func(fields string) string {
		return `{"has_more":false,"data":[{"id":"txn_1","type":"PAYMENT","status":"SUCCESS","cashflow":"MONEY_IN","currency":"IDR","created":"2026-11-24T03:00:00.000Z"` + fields + `}]}`
	}
	one := func(fields string) payments.Transaction {
		t.Helper()
		page, next, err := stub(t, 200, line(fields)).Transactions(ctx, now, now.Add(time.Hour), "")
		if err != nil || len(page) != 1 || next != "" {
			t.Fatalf("%s: %+v %q %v", fields, page, next, err)
		}
		return page[0]
	}
	for fields, want := range map[string]money.Rupiah{`,"fee":{"xendit_fee":31.5,"value_added_tax":3.465}`: 35, `,"fee":{"xendit_fee":"0.4"}`: 0, `,"fee":{"xendit_fee":0.5}`: 1, `,"fee":null`: 0, ``: 0} {
		if x := one(`,"amount":5000` + fields); x.Fee != want || x.Amount != 5000 || x.FeeFinal {
			t.Errorf("%s: %+v", fields, x)
		}
	}
	if x := one(`,"amount":16777217,"fee":{"status":"NOT_APPLICABLE"},"settlement_status":"EARLY_SETTLED","updated":"2026-11-24T04:00:00Z","estimated_settlement_time":"2026-11-26T03:00:00Z"`); x.Amount != 16777217 || !x.FeeFinal || x.Settled != payments.SettlementDone || !x.SettlesAt.Equal(now.Add(time.Hour)) {
		t.Errorf("%+v", x)
	}
	if x := one(`,"amount":5000,"status":"TELEPORTED","type":"MAGIC","cashflow":"MONEY_OUT","channel_category":"VIRTUAL_ACCOUNT","channel_code":"BNI_VIRTUAL_ACCOUNT","settlement_status":null`); x.Status != payments.TransactionUnrecognised ||
		x.Type != payments.OtherTransaction || x.Word != "MAGIC" || x.In || x.Method != payments.VA("BNI") || x.Settled != payments.SettlementNone {
		t.Errorf("%+v", x)
	}
	if x := one(`,"amount":-3000000000000,"type":"WITHDRAWAL","cashflow":"MONEY_OUT"`); x.Amount != 3_000_000_000_000 || x.In {
		t.Errorf("%+v", x)
	}
	for _, body := range []string{`{"data":[{"id":"txn_1","amo`, line(``), line(`,"amount":"many"`), line(`,"amount":1e9`), line(`,"amount":"1/2"`), `{"has_more":false,"data":[{"amount":5000}]}`, `{"has_more":true,"data":[]}`, `<html>`,
		line(`,"amount":5000,"id":"a\u0000b"`), line(`,"amount":5000,"id":"` + strings.Repeat("x", 300) + `"`)} {
		if _, _, err := stub(t, 200, body).Transactions(ctx, now, now.Add(time.Hour), ""); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", body, err)
		}
	}
	if _, _, err := stub(t, 200, `{"has_more":true,"data":[{"id":"txn_1","amount":1,"created":"2026-11-24T03:00:00Z"}]}`).Transactions(ctx, now, now.Add(time.Hour), "txn_1"); !fault.Is(err, fault.Unavailable) {
		t.Error("a page that comes again and again:", err)
	}
	if _, _, err := stub(t, 429, `{"error_code":"RATE_LIMIT_EXCEEDED"}`).Transactions(ctx, now, now.Add(time.Hour), ""); !fault.Is(err, fault.Limited) {
		t.Error(err)
	}
	hold := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"has_more":false,`)
		w.(http.Flusher).Flush()
		<-hold
	}))
	defer s.Close()
	defer close(hold)
	g := must(t, Options{Key: testKey + "x", BaseURL: s.URL, CallbackTokens: []string{token}, Timeout: 50 * time.Millisecond})
	if _, _, err := g.Transactions(ctx, now, now.Add(time.Hour), ""); !fault.Is(err, fault.Unavailable) {
		t.Error("an answer that never ends:", err)
	}
}
