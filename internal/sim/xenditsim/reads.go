package xenditsim

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
)

func (s *Sim) getRequest(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	p := s.requests[r.PathValue("id")]
	if p == nil {
		fail(w, 404, "DATA_NOT_FOUND", "payment request not found")
		return
	}
	answer(w, 200, p.request())
}

// listRequests filters by reference_id and id, newest first, with a cursor.
func (s *Sim) listRequests(w http.ResponseWriter, r *http.Request, _ []byte) {
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	from := s.order
	switch {
	case len(q["id"]) > 0:
		from = nil
		for _, id := range q["id"] {
			if p := s.requests[id]; p != nil {
				from = append(from, p)
			}
		}
	case len(q["reference_id"]) > 0:
		from = nil
		for _, ref := range q["reference_id"] {
			from = append(from, s.byRef[ref]...)
		}
	}
	page, more := paged(from, q.Get("limit"), q.Get("after_id"), func(p *paymentRequest) string { return p.ID })
	data := make([]any, 0, len(page))
	for _, p := range page {
		data = append(data, p.request())
	}
	answer(w, 200, map[string]any{"data": data, "has_more": more})
}

// paged cuts a list, newest first, after an id.
func paged[T any](all []T, limit, after string, id func(T) string) ([]T, bool) {
	n, err := strconv.Atoi(limit)
	if err != nil || n < 1 || n > 100 {
		n = 10
	}
	list := slices.Clone(all)
	slices.Reverse(list)
	if after != "" {
		at := slices.IndexFunc(list, func(x T) bool { return id(x) == after })
		list = list[at+1:]
	}
	if len(list) > n {
		return list[:n], true
	}
	return list, false
}

func (s *Sim) getMethod(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.byMethod[r.PathValue("id")]; p != nil {
		answer(w, 200, p.method())
		return
	}
	fail(w, 404, "DATA_NOT_FOUND", "payment method not found")
}

func (s *Sim) expireMethod(w http.ResponseWriter, r *http.Request, body []byte) {
	var params map[string]any
	if len(body) == 0 || json.Unmarshal(body, &params) != nil || params == nil {
		fail(w, 400, "API_VALIDATION_ERROR", "body must be an object")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byMethod[r.PathValue("id")]
	if p == nil {
		fail(w, 404, "DATA_NOT_FOUND", "payment method not found")
		return
	}
	if p.MethodState != "EXPIRED" {
		p.MethodState, p.Updated = "EXPIRED", s.now()
		if p.Status != "SUCCEEDED" {
			p.Status = "EXPIRED"
		}
		s.keep(p)
		s.emit(p, "payment_method.expired", nil)
	}
	answer(w, 200, p.method())
}

func (s *Sim) listPayments(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byMethod[r.PathValue("id")]
	switch {
	case s.strikes("payments_forbidden", s.faults.PaymentsForbidden):
		fail(w, 403, "REQUEST_FORBIDDEN_ERROR", "the key may not do this")
	case p == nil:
		fail(w, 404, "DATA_NOT_FOUND", "payment method not found")
	default:
		data := []any{}
		for _, x := range p.Payments {
			data = append(data, p.listed(x))
		}
		answer(w, 200, map[string]any{"data": data, "has_more": false})
	}
}

func (s *Sim) simulate(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.simulated(w, PayIn{PaymentRequestID: r.PathValue("id")})
}

func (s *Sim) simulateMethod(w http.ResponseWriter, r *http.Request, body []byte) {
	var in struct {
		Amount int64 `json:"amount"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		fail(w, 400, "API_VALIDATION_ERROR", "amount is required")
		return
	}
	s.mu.Lock()
	p := s.byMethod[r.PathValue("id")]
	s.mu.Unlock()
	if p == nil {
		fail(w, 404, "DATA_NOT_FOUND", "payment method not found")
		return
	}
	s.simulated(w, PayIn{PaymentRequestID: p.ID, Amount: in.Amount})
}

func (s *Sim) simulated(w http.ResponseWriter, in PayIn) {
	if _, err := s.Pay(in); err != nil {
		fail(w, map[bool]int{true: 404, false: 400}[errors.Is(err, ErrUnknown)], "INVALID_PAYMENT_DETAILS", err.Error())
		return
	}
	answer(w, 200, map[string]any{"status": "PENDING", "message": "the simulated payment is being processed"})
}
