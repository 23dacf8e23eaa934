package xendit

import (
	"net/http"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/sim/xenditsim"
	"gerai/payments"
)

// paid is a charge that was paid.
func paid(t *testing.T, b *bench, reference string, m payments.Method) payments.Charge {
	t.Helper()
	c, err := b.Create(ctx, in(reference, m))
	if err == nil {
		_, err = b.sim.Pay(xenditsim.PayIn{ReferenceID: reference})
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRefund(t *testing.T) {
	b := open(t)
	c := paid(t, b, "R-1", payments.QRIS)
	ask := payments.RefundIn{GatewayID: c.GatewayID, Reference: "refund-1", IdempotencyKey: "key-1", Amount: 5000}
	first, err := b.Refund(ctx, ask)
	if err != nil || first.Amount != 5000 || first.Reference != "refund-1" || first.Status != payments.RefundPending {
		t.Fatalf("%+v %v", first, err)
	}
	if b.last.Load().Header.Get("Idempotency-Key") != "key-1" {
		t.Error("sent without its key")
	}
	again, err := b.Refund(ctx, ask)
	if err != nil || again.ID != first.ID {
		t.Fatalf("%+v %v", again, err)
	}
	got, err := b.GetRefund(ctx, first.ID)
	if err != nil || got.Status != payments.RefundDone || got.ChargeID != c.GatewayID {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := b.GetRefund(ctx, "rfd-nothing"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	other := paid(t, b, "R-2", payments.QRIS)
	if _, err := b.Refund(ctx, payments.RefundIn{GatewayID: other.GatewayID, Reference: "refund-2", IdempotencyKey: "key-2", Amount: 1}); err != nil {
		t.Fatal(err)
	}
	if all, err := b.RefundsOf(ctx, c.GatewayID); err != nil || len(all) != 1 || all[0].ID != first.ID {
		t.Errorf("%+v %v", all, err)
	}
	ask.IdempotencyKey, ask.Amount = "key-3", 10001
	if _, err := b.Refund(ctx, ask); !fault.Is(err, fault.Refused) {
		t.Error("more than is left:", err)
	}
	va := paid(t, b, "R-3", payments.VA("BCA"))
	if _, err := b.Refund(ctx, payments.RefundIn{GatewayID: va.GatewayID, Reference: "refund-4", IdempotencyKey: "key-4", Amount: 1}); fault.CodeOf(err) != "gateway.refund_unsupported" {
		t.Error(err)
	}
}

// What an answer to a refund means: only a clean no is a no.
func TestRefundAnswers(t *testing.T) {
	for body, want := range map[string]fault.Kind{
		`{"error_code":"REFUND_NOT_SUPPORTED"}`: fault.Refused, `{"error_code":"INSUFFICIENT_BALANCE"}`: fault.Refused,
		`{"error_code":"TEMPORARILY_UNAVAILABLE"}`: fault.Unavailable, `{"error_code":"REFUND_IN_PROGRESS"}`: fault.Unavailable,
	} {
		if _, err := stub(t, http.StatusBadRequest, body).Refund(ctx, payments.RefundIn{GatewayID: "pr-1", Amount: 1}); !fault.Is(err, want) {
			t.Errorf("%s: %v", body, err)
		}
	}
	for status, body := range map[int]string{200: `{"id":"rfd-1","amount":`, 201: `{"id":"","amount":5}`, 502: `<html>`, 202: `{"id":"rfd-1","amount":7,"status":"PENDING"}`} {
		if _, err := stub(t, status, body).Refund(ctx, payments.RefundIn{GatewayID: "pr-1", Amount: 1}); !fault.Is(err, fault.Unknown) {
			t.Errorf("%d %s: %v", status, body, err)
		}
	}
}

func TestRefundMessages(t *testing.T) {
	g := open(t)
	header := func(name string) string {
		return map[string]string{"x-callback-token": token, "webhook-id": "w1"}[name]
	}
	for _, body := range []string{
		`{"event":"refund.succeeded","data":{"id":"rfd-1","reference_id":"R-1","payment_request_id":"pr-1"}}`,
		`{"event":"refund.failed","data":{"event":"refund.failed","data":{"id":"rfd-1","reference_id":"R-1"}}}`,
	} {
		n, err := g.ParseNotification(header, []byte(body))
		if err != nil || n.Status != payments.RefundNews || n.GatewayID != "rfd-1" || n.Reference != "" {
			t.Errorf("%+v %v", n, err)
		}
	}
}
