package orders

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
)

// OrderDetail is everything that is known of one order, for a decision about it.
type OrderDetail struct {
	Order    order.Order
	SiteName string
	// Account is the order that the voucher's name and password belong to: the
	// order itself, or the one whose voucher it made longer.
	Account          order.Order
	Voucher          store.Voucher
	HasVoucher       bool
	Attempts         []order.Attempt
	Payments         []order.Payment
	Counter          []store.CounterPayment
	Refunds          []order.Refund // also those that were rejected
	Events           []store.WebhookEvent
	Jobs             []store.JobLine
	Pass             store.Pass
	HasPass          bool
	Extensions       []order.Order // extensions of its voucher
	RevokesExtension bool          // it is such an extension, and counts: its refund takes that back
	Audit            []store.AuditRow
	Notes            []store.Note
	Receipt          store.Receipt
	Issued           bool
	PaidTotal        money.Rupiah
	Remaining        money.Rupiah
	Now              time.Time // when it was read
}

// OrderDetail reads an order by its code. Errors: NotFound "order.not_found".
func (s *Service) OrderDetail(ctx context.Context, code order.Code) (OrderDetail, error) {
	var d OrderDetail
	var err error
	if d.Order, err = s.Store.OrderByCode(ctx, code); err != nil {
		return d, err
	}
	id := d.Order.ID
	_, facts, err := s.Store.Facts(ctx, id)
	if err != nil {
		return d, err
	}
	d.Now = s.Clock.Now()
	view := order.Derive(facts, d.Now)
	d.Payments, d.PaidTotal, d.Remaining = facts.Payments, view.PaidTotal, view.Remaining
	for _, read := range []func() error{
		func() error { site, err := s.Store.Site(ctx, d.Order.SiteID); d.SiteName = site.Name; return err },
		func() error { return s.addVoucher(ctx, &d) },
		func() (err error) { d.Attempts, err = s.Store.Attempts(ctx, id); return },
		func() (err error) { d.Counter, err = s.Store.CounterPayments(ctx, id); return },
		func() (err error) { d.Refunds, err = s.Store.AllRefunds(ctx, id); return },
		func() (err error) { d.Events, err = s.Store.WebhookEventsOf(ctx, id); return },
		func() (err error) { d.Jobs, err = s.Store.JobsOf(ctx, string(id)); return },
		func() (err error) { d.Pass, d.HasPass, err = s.Store.Pass(ctx, id); return },
		func() error {
			x, found, err := s.Store.Extension(ctx, id)
			d.RevokesExtension = found && x.RevokedAt.IsZero()
			return err
		},
		func() (err error) { d.Extensions, err = s.Store.Extensions(ctx, id); return },
		func() (err error) { d.Audit, err = s.Store.AuditOf(ctx, "order:"+string(id)); return },
		func() (err error) { d.Notes, err = s.Store.Notes(ctx, id); return },
		func() (err error) { d.Receipt, d.Issued, err = s.Store.Receipt(ctx, id); return },
	} {
		if err := read(); err != nil {
			return d, fmt.Errorf("dossier of order %s: %w", id, err)
		}
	}
	return d, nil
}

// addVoucher adds the voucher that serves the order. The name that was drawn for an
// extension is on no router, unless it ended up with a voucher of its own.
func (s *Service) addVoucher(ctx context.Context, d *OrderDetail) error {
	held, err := s.vouchers.Holder(ctx, d.Order)
	if err != nil {
		return err
	}
	d.Account, d.Voucher, d.HasVoucher = held.Order, held.Voucher, held.Found
	return nil
}

// Seen notes in the audit that staff looked at something of an order.
func (s *Service) Seen(ctx context.Context, by actor.Actor, id order.ID, what string) error {
	return s.ledger.Seen(ctx, by, id, what)
}
