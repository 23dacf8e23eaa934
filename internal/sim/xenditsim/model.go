package xenditsim

import (
	"fmt"
	"time"
)

// paymentRequest is one charge.
type paymentRequest struct {
	ID          string            `json:"id"`
	MethodID    string            `json:"method_id"`
	ReferenceID string            `json:"reference_id"`
	MethodRef   string            `json:"method_ref"`
	BusinessID  string            `json:"business_id"`
	Amount      int64             `json:"amount"`
	Currency    string            `json:"currency"`
	Channel     string            `json:"channel"` // QRIS or a bank code
	Status      string            `json:"status"`
	MethodState string            `json:"method_state"`
	QR          string            `json:"qr,omitempty"`
	VA          string            `json:"va,omitempty"`
	Customer    string            `json:"customer,omitempty"`
	ExpiresAt   time.Time         `json:"expires_at"`
	Created     time.Time         `json:"created"`
	Updated     time.Time         `json:"updated"`
	Metadata    map[string]any    `json:"metadata,omitempty"`
	Payments    []payment         `json:"payments,omitempty"`
	Key         string            `json:"key,omitempty"`
	KeyBody     string            `json:"key_body,omitempty"`
	Extra       map[string]string `json:"extra,omitempty"`
}

type payment struct {
	ID       string    `json:"id"`
	Amount   int64     `json:"amount"`
	Currency string    `json:"currency"`
	At       time.Time `json:"at"`
}

func (p *paymentRequest) isQR() bool { return p.Channel == "QRIS" }

func (p *paymentRequest) paid() int64 {
	var sum int64
	for _, x := range p.Payments {
		sum += x.Amount
	}
	return sum
}

// Payment is a charge as the controls show it.
type Payment struct {
	PaymentRequestID string `json:"payment_request_id"`
	ReferenceID      string `json:"reference_id"`
	Amount           int64  `json:"amount"`
	PaidAmount       int64  `json:"paid_amount"`
	Status           string `json:"status"`
	Method           string `json:"method"` // "qris" or "va:BCA"
	QR               string `json:"qr_string,omitempty"`
	VA               string `json:"va_number,omitempty"`
	Created          string `json:"created"`
}

func (p *paymentRequest) public() Payment {
	m := "qris"
	if !p.isQR() {
		m = "va:" + p.Channel
	}
	return Payment{PaymentRequestID: p.ID, ReferenceID: p.ReferenceID, Amount: p.Amount, PaidAmount: p.paid(), Status: p.Status, Method: m,
		QR: p.QR, VA: p.VA, Created: p.Created.Format(time.RFC3339Nano)}
}

// Payments lists every charge, oldest first.
func (s *Sim) Payments() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	out := make([]Payment, 0, len(s.order))
	for _, p := range s.order {
		out = append(out, p.public())
	}
	return out
}

// stamp9 is how the API prints instants: nine fractional digits, UTC.
func stamp9(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// stamp3 is how webhook envelopes print them.
func stamp3(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (s *Sim) uuid() string {
	a, b := s.rnd.Uint64(), s.rnd.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// open reports whether a request still waits for its money.
func (p *paymentRequest) open() bool { return p.Status == "PENDING" || p.Status == "REQUIRES_ACTION" }

// age expires what is past its time. Every call asks for it, so the requests are only gone
// through when one of them can be due.
func (s *Sim) age() {
	now := s.now()
	if !s.soonest.IsZero() && !now.After(s.soonest) {
		return
	}
	s.soonest = now.AddDate(100, 0, 0)
	for _, p := range s.order {
		if !p.open() {
			continue
		}
		if now.After(p.ExpiresAt) {
			p.Status, p.MethodState, p.Updated = "EXPIRED", "EXPIRED", now
			s.keep(p)
			s.emit(p, "payment_method.expired", nil)
			continue
		}
		s.expiresAt(p.ExpiresAt)
	}
}

// expiresAt makes sure that age looks again by then.
func (s *Sim) expiresAt(t time.Time) {
	if t.Before(s.soonest) {
		s.soonest = t
	}
}
