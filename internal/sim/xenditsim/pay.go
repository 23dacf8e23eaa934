package xenditsim

import (
	"errors"
	"time"
)

// PayIn says what to pay: a charge by its id, our reference, a QR payload or a
// virtual account number.
type PayIn struct {
	ReferenceID      string `json:"reference_id"`
	PaymentRequestID string `json:"payment_request_id"`
	QR               string `json:"qr_string"`
	VA               string `json:"va_number"`
	Amount           int64  `json:"amount"` // 0: exactly what is asked for
	Force            bool   `json:"force"`  // pay again what is paid already
}

// Errors of Pay.
var (
	ErrUnknown  = errors.New("no such charge")
	ErrPaid     = errors.New("already paid")
	ErrClosed   = errors.New("closed: the bank does not accept money for it any more")
	ErrNegative = errors.New("amount must be positive")
)

// Pay lets a customer pay a charge and queues the webhooks. A QRIS code stays payable after
// it expired, as real ones do; a virtual account does not.
func (s *Sim) Pay(in PayIn) (Payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	p := s.find(in)
	if p == nil {
		return Payment{}, ErrUnknown
	}
	return s.pay(p, in.Amount, in.Force)
}

func (s *Sim) find(in PayIn) *paymentRequest {
	switch {
	case in.PaymentRequestID != "":
		return s.requests[in.PaymentRequestID]
	case in.VA != "":
		return s.byVA[in.VA]
	case in.QR != "":
		for _, p := range s.order {
			if p.QR == in.QR {
				return p
			}
		}
		return nil
	}
	if all := s.byRef[in.ReferenceID]; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

func (s *Sim) pay(p *paymentRequest, amount int64, force bool) (Payment, error) {
	switch {
	case amount < 0:
		return Payment{}, ErrNegative
	case p.Status == "SUCCEEDED" && !force:
		return Payment{}, ErrPaid
	case !p.isQR() && p.Status != "SUCCEEDED" && (p.Status == "EXPIRED" || p.MethodState == "EXPIRED"):
		return Payment{}, ErrClosed
	}
	if amount == 0 {
		amount = p.Amount
	}
	currency := p.Currency
	if s.faults.Currency != "" {
		currency = s.faults.Currency
	}
	prefixes := []string{"py-", "qrpy_", "pymt-", "ddpy-"}
	x := payment{ID: prefixes[s.rnd.IntN(len(prefixes))] + s.uuid(), Amount: amount, Currency: currency, At: s.now().Truncate(time.Microsecond)}
	p.Payments = append(p.Payments, x)
	p.Status, p.MethodState, p.Updated = "SUCCEEDED", "EXPIRED", s.now()
	s.keep(p)
	s.tell(p, &x)
	return p.public(), nil
}

// tell sends the events that follow a payment, in the order the faults want.
func (s *Sim) tell(p *paymentRequest, x *payment) {
	if s.faults.ReorderWebhooks || s.chance(s.faults.ReorderRatio) {
		s.emit(p, "payment_method.expired", nil)
		s.emit(p, "payment.succeeded", x)
		s.emit(p, "payment.pending", x)
		return
	}
	s.emit(p, "payment.succeeded", x)
	s.emit(p, "payment_method.expired", nil)
}

// Expire ends a charge before its time.
func (s *Sim) Expire(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.requests[id]
	if p == nil {
		return ErrUnknown
	}
	p.ExpiresAt = s.now().Add(-time.Second)
	s.expiresAt(p.ExpiresAt)
	s.age()
	return nil
}
