package xenditsim

import "time"

// PastCharge is a charge of a past that was made up elsewhere.
type PastCharge struct {
	ID, Reference string
	Channel       string // QRIS or a bank code
	QR, VA        string
	Amount        int64
	Created       time.Time
	ExpiresAt     time.Time
	Paid          int64 // 0: nothing
	PaidAt        time.Time
}

// Remember has the account know charges of a past, as if they had been made here. No
// webhook tells of what is over.
func (s *Sim) Remember(charges []PastCharge) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range charges {
		p := &paymentRequest{ID: c.ID, MethodID: "pm-" + c.ID, ReferenceID: c.Reference, MethodRef: c.Reference, BusinessID: businessID, Amount: c.Amount, Currency: "IDR",
			Channel: c.Channel, Status: "PENDING", MethodState: "ACTIVE", QR: c.QR, VA: c.VA, ExpiresAt: c.ExpiresAt, Created: c.Created, Updated: c.Created}
		if p.isQR() {
			p.Status, p.ExpiresAt = "REQUIRES_ACTION", c.Created.Add(s.o.QRISLife)
		}
		switch {
		case c.Paid > 0:
			p.Payments = []payment{{ID: "py-" + c.ID, Amount: c.Paid, Currency: p.Currency, At: c.PaidAt}}
			p.Status, p.MethodState, p.Updated = "SUCCEEDED", "EXPIRED", c.PaidAt
		case s.now().After(p.ExpiresAt):
			p.Status, p.MethodState, p.Updated = "EXPIRED", "EXPIRED", p.ExpiresAt
		}
		s.index(p)
		s.keep(p)
	}
}
