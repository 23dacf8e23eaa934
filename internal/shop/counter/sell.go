package counter

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/payments"
	"gerai/payments/counter"
)

// MostVouchers is how many vouchers one sale may have.
const MostVouchers = 20

// SellIn is one filled-in form of the counter.
type SellIn struct {
	SiteID, PlanID, Phone string
	Nonce                 string // one per shown form
	Terms                 string // what the form showed, as order.Item.Terms writes it
	Quantity              int    // vouchers that are paid together, 0 for one
	Promo                 string // the code of a promotion as it was typed, "" for none
	Allowance             order.Allowance
	Method                payments.Method
	Given                 money.Rupiah // cash in hand, 0 for exactly the price
	Reference             string       // of a transfer or a payment of the printed QRIS
	Actor                 actor.Actor
}

// Sell places an order for each voucher and records the money in one transaction: the same
// facts, the same Derive and the same activation jobs as for money that came through the
// gateway. The books have all vouchers of a form or none, and the same form sent twice sells
// once; it returns the first order. Errors: Invalid with the form's field, Conflict
// "shift.closed", "order.nonce_reused" and, where price or terms are no longer what the form
// showed, "order.terms_changed".
func (s *Service) Sell(ctx context.Context, in SellIn) (order.Order, error) {
	site, plan, err := s.checkSale(ctx, &in)
	if err != nil {
		return order.Order{}, err
	}
	if o, found, err := s.soldSo(ctx, in); found || err != nil {
		return o, err
	}
	sale, err := s.priceSale(ctx, in, site, plan)
	if err != nil {
		return order.Order{}, err
	}
	for range ledger.Tries {
		o, err := s.insertSale(ctx, in, site, plan, sale)
		var clash *store.Taken
		switch {
		case errors.As(err, &clash) && clash.Column != "nonce":
			continue
		case errors.As(err, &clash):
			// The same form came twice at once and the other one was first.
			if again, found, findErr := s.soldSo(ctx, in); found || findErr != nil {
				return again, findErr
			}
		}
		if err != nil {
			return o, fmt.Errorf("sell %s at %s: %w", plan.ID, site.ID, err)
		}
		sale.priced.Placed()
		return o, nil
	}
	return order.Order{}, fault.New(fault.Internal, "order.no_free_code")
}

func (s *Service) checkSale(ctx context.Context, in *SellIn) (catalog.Site, catalog.Plan, error) {
	fail := func(err error) (catalog.Site, catalog.Plan, error) { return catalog.Site{}, catalog.Plan{}, err }
	site, err := s.Store.Site(ctx, in.SiteID)
	if err == nil && site.Hidden {
		err = store.ErrSiteNotFound
	}
	if err != nil {
		return fail(err)
	}
	plan, err := s.Store.Plan(ctx, in.PlanID)
	if fault.Is(err, fault.NotFound) || (err == nil && (plan.SiteID != site.ID || plan.Hidden)) {
		return fail(fault.AtField("plan", "order.plan_unknown"))
	}
	if err != nil {
		return fail(err)
	}
	var ok bool
	if in.Phone, ok = typed.Mobile(in.Phone); !ok {
		return fail(fault.AtField("phone", "order.phone_invalid"))
	}
	if !ledger.ValidNonce(in.Nonce) {
		return fail(fault.AtField("nonce", "order.form_stale"))
	}
	if in.Quantity == 0 {
		in.Quantity = 1
	}
	if in.Quantity < 1 || in.Quantity > MostVouchers {
		return fail(fault.AtField("quantity", "counter.quantity"))
	}
	return site, plan, nil
}

// soldSo is soldBefore for a form of the counter.
func (s *Service) soldSo(ctx context.Context, in SellIn) (order.Order, bool, error) {
	o, found, err := s.soldBefore(ctx, in.Nonce, in.Actor)
	if err != nil || !found {
		return o, found, err
	}
	sale, err := s.Store.CounterSale(ctx, in.Nonce)
	if err == nil && (o.Item.PlanID != in.PlanID || o.SiteID != in.SiteID || max(len(sale), 1) != in.Quantity) {
		err = fault.New(fault.Conflict, "order.nonce_reused")
	}
	return o, err == nil, err
}

// soldBefore finds the order that the actor sold with a form. Errors: Conflict
// "order.nonce_reused" when another account sold it.
func (s *Service) soldBefore(ctx context.Context, nonce string, by actor.Actor) (order.Order, bool, error) {
	o, found, err := s.Store.OrderByNonce(ctx, nonce)
	if found && o.SellerID != by.ID {
		return o, false, fault.New(fault.Conflict, "order.nonce_reused")
	}
	return o, found, err
}

// channels are where an order was paid, by the way it was paid at the counter.
var channels = map[payments.Method]order.Channel{payments.Cash: order.OverCounter, payments.Transfer: order.ByTransfer, payments.StaticQRIS: order.ByStaticQRIS}

// recordCounterPayment writes one payment of the counter: the fact, what the counter knows
// of it and the move of the till. key makes it happen once; sale is the key of the first payment
// of a sale of several vouchers, "" for one alone.
func (s *Service) recordCounterPayment(ctx context.Context, tx *store.Tx, o *order.Order, taken counter.Taken, key, sale string, by actor.Actor) error {
	shift, err := s.ledger.OpenShift(ctx, tx, by)
	if err != nil {
		return err
	}
	rules, err := tx.CounterRules(ctx)
	if err != nil {
		return err
	}
	p := taken.Payment(key, tx.Now())
	p.OrderID = o.ID
	fresh, _, err := tx.InsertPayment(ctx, p)
	if err != nil {
		return err
	}
	if !fresh {
		return fault.New(fault.Conflict, "order.nonce_reused")
	}
	c := store.CounterPayment{Key: key, OrderID: o.ID, Method: taken.Method, Amount: taken.Amount, Given: taken.Given, Reference: taken.Reference,
		StaffID: by.ID, StaffName: by.Name, ShiftID: shift.ID, TakenAt: tx.Now(), SaleKey: sale}
	if taken.Method == payments.Cash || !rules.ConfirmTransfers {
		c.ConfirmedAt, c.ConfirmedBy = tx.Now(), by.Name
	}
	if fresh, err := tx.InsertCounterPayment(ctx, c); err != nil || !fresh {
		return cmp.Or(err, ledger.ReferenceUsed(ctx, tx, c.Reference))
	}
	o.SellerID, o.Channel = by.ID, channels[taken.Method]
	if taken.Method == payments.Cash {
		if _, err := tx.MoveTill(ctx, store.TillMove{Source: "payment:" + key, ShiftID: shift.ID, Kind: store.TillSale, Amount: taken.Amount, OrderID: o.ID, Code: o.Code}); err != nil {
			return err
		}
	}
	if c.ConfirmedAt.IsZero() && (sale == "" || sale == key) { // one payment of a customer, one alert
		if _, err := tx.OpenAlert(ctx, "transfer_unconfirmed", string(o.ID), ""); err != nil {
			return err
		}
	}
	tx.Audit("payment.record", "order:"+string(o.ID), map[string]any{"amount": int64(taken.Amount), "method": string(taken.Method), "key": key, "shift": shift.ID})
	return nil
}

// TakeIn is money for an order that exists: "bayar di kasir".
type TakeIn struct {
	OrderID   order.ID
	Nonce     string       // one per shown form
	Shown     money.Rupiah // the amount due on the form, 0 for a caller that showed none
	Method    payments.Method
	Given     money.Rupiah
	Reference string
	Actor     actor.Actor
}

// Take records money at the counter for an order placed online, for what is still to be
// paid. Charges that the customer could still pay are cancelled at the gateway; money
// that arrives through them all the same is refunded. Errors as of Sell, Conflict
// "order.already_paid", "order.amount_changed", "counter.cancelled" and
// "counter.too_late".
func (s *Service) Take(ctx context.Context, in TakeIn) (order.Order, error) {
	if !ledger.ValidNonce(in.Nonce) {
		return order.Order{}, fault.AtField("nonce", "order.form_stale")
	}
	o, _, err := s.ledger.Change(ctx, in.Actor, "order.take", in.OrderID, func(tx *store.Tx, o *order.Order) error {
		if p, err := tx.Payment(ctx, counter.Name, in.Nonce); err == nil && p.OrderID == o.ID {
			return ledger.ErrUnchanged // the same form again
		} else if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := cmp.Or(order.MayPayAtCounter(*o), order.MayPayWith(*o, in.Method)); err != nil {
			return err
		}
		_, facts, err := tx.Facts(ctx, o.ID)
		if err != nil {
			return err
		}
		due := order.Derive(facts, tx.Now()).Remaining
		if due == 0 { // paid since the order was read: read again, it says so
			return store.ErrOrderChanged
		}
		if in.Shown != 0 && in.Shown != due {
			return fault.New(fault.Conflict, "order.amount_changed")
		}
		taken, err := counter.Take(counter.Tender{Method: in.Method, Due: due, Given: in.Given, Reference: in.Reference})
		if err != nil {
			return err
		}
		if err := s.closeAttempts(ctx, tx, o.ID); err != nil {
			return err
		}
		return s.recordCounterPayment(ctx, tx, o, taken, in.Nonce, "", in.Actor)
	})
	if err == nil {
		return o, nil
	}
	// The same form came twice at once and the other one was first.
	if p, findErr := s.Store.Payment(ctx, counter.Name, in.Nonce); findErr == nil && p.OrderID == in.OrderID {
		return s.Store.Order(ctx, in.OrderID)
	}
	return o, fmt.Errorf("take money for order %s: %w", in.OrderID, err)
}

// closeAttempts turns away from every charge that could still be paid.
func (s *Service) closeAttempts(ctx context.Context, tx *store.Tx, id order.ID) error {
	attempts, err := tx.Attempts(ctx, id)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		if a.State == order.Open || a.State == order.Creating {
			if err := s.orders.Supersede(ctx, tx, a); err != nil {
				return err
			}
		}
	}
	return nil
}
