package xenditsim

import (
	"encoding/json"
	"net/http"
	"time"
)

type refund struct {
	ID          string    `json:"id"`
	RequestID   string    `json:"request_id"`
	ReferenceID string    `json:"reference_id"`
	Amount      int64     `json:"amount"`
	Status      string    `json:"status"`
	Reason      string    `json:"reason"`
	Key         string    `json:"key,omitempty"`
	Created     time.Time `json:"created"`
}

func (r *refund) shown(p *paymentRequest) map[string]any {
	return map[string]any{"id": r.ID, "payment_id": p.Payments[0].ID, "payment_request_id": p.ID, "invoice_id": nil, "amount": r.Amount, "payment_method_type": "QR_CODE",
		"channel_code": p.Channel, "currency": "IDR", "country": "ID", "status": r.Status, "reason": r.Reason, "failure_code": nil, "refund_fee_amount": nil,
		"reference_id": r.ReferenceID, "metadata": nil, "created": stamp9(r.Created), "updated": stamp9(r.Created)}
}

// createRefund gives money back: QRIS only, never more than was paid, one per
// idempotency key. It is accepted as PENDING and succeeds a moment later.
func (s *Sim) createRefund(w http.ResponseWriter, r *http.Request, body []byte) {
	var in struct {
		PaymentRequestID string `json:"payment_request_id"`
		ReferenceID      string `json:"reference_id"`
		Amount           int64  `json:"amount"`
		Reason           string `json:"reason"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		fail(w, 400, "API_VALIDATION_ERROR", "body is not valid")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Header.Get("idempotency-key")
	for _, f := range s.refOrder {
		if key != "" && f.Key == key {
			answer(w, 200, f.shown(s.requests[f.RequestID]))
			return
		}
	}
	p := s.requests[in.PaymentRequestID]
	if p == nil {
		fail(w, 404, "DATA_NOT_FOUND", "payment request not found")
		return
	}
	if in.Amount == 0 {
		in.Amount = p.paid()
	}
	given := int64(0)
	for _, f := range s.refOrder {
		if f.RequestID == p.ID && f.Status != "FAILED" {
			given += f.Amount
		}
	}
	switch {
	case p.Status != "SUCCEEDED":
		fail(w, 400, "INELIGIBLE_TRANSACTION_STATUS", "nothing was paid")
		return
	case !p.isQR():
		fail(w, 403, "REFUND_NOT_SUPPORTED", "virtual accounts cannot be refunded")
		return
	case in.Amount < 0 || given+in.Amount > p.paid():
		fail(w, 400, "REFUND_AMOUNT_EXCEEDED", "more than was paid")
		return
	}
	f := &refund{ID: "rfd-" + s.uuid(), RequestID: p.ID, ReferenceID: in.ReferenceID, Amount: in.Amount, Status: "PENDING", Reason: in.Reason, Key: key, Created: s.now()}
	s.refunds[f.ID] = f
	s.refOrder = append(s.refOrder, f)
	shown := f.shown(p)
	f.Status = "SUCCEEDED"
	s.write(line{Refund: f})
	s.emitRefund(p, f)
	answer(w, 200, shown)
}

func (s *Sim) emitRefund(p *paymentRequest, f *refund) {
	if s.faults.DropWebhooks {
		return
	}
	body, err := json.Marshal(map[string]any{"event": "refund.succeeded", "business_id": p.BusinessID, "created": stamp3(s.now()), "data": f.shown(p)})
	if err == nil {
		s.enqueue(s.newHook("refund.succeeded", p.ReferenceID, body))
	}
}

func (s *Sim) getRefund(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.refunds[r.PathValue("id")]; f != nil {
		answer(w, 200, f.shown(s.requests[f.RequestID]))
		return
	}
	fail(w, 404, "DATA_NOT_FOUND", "refund not found")
}

func (s *Sim) listRefunds(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, more := paged(s.refOrder, r.URL.Query().Get("limit"), r.URL.Query().Get("after_id"), func(f *refund) string { return f.ID })
	data := []any{}
	for _, f := range page {
		data = append(data, f.shown(s.requests[f.RequestID]))
	}
	answer(w, 200, map[string]any{"data": data, "has_more": more})
}

func (s *Sim) balance(w http.ResponseWriter, _ *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sum int64
	for _, p := range s.order {
		sum += p.paid()
	}
	for _, f := range s.refOrder {
		sum -= f.Amount
	}
	answer(w, 200, map[string]any{"balance": sum})
}
