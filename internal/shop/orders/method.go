package orders

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// ErrOnlineOff: no gateway is connected; the counter sells.
var ErrOnlineOff = fault.New(fault.Conflict, "order.online_off")

// errOtherMode: the order was placed with keys of the other mode; it has to be placed again.
var errOtherMode = fault.New(fault.Conflict, "gateway.other_mode")

// otherMode reports whether an order is about real money and the keys in use are not, or the
// other way round: no charge is made for it.
func (s *Service) otherMode(o order.Order) bool { return o.Test == s.Live() }

// Online reports whether customers can pay by a gateway.
func (s *Service) Online() bool { return payments.Online(s.Gateway) }

// offeredMethods lists how what is left of an order may be paid; nothing while no gateway is
// connected, or one of the other mode.
func (s *Service) offeredMethods(ctx context.Context, o order.Order, rest money.Rupiah) (out []payments.Method, err error) {
	if !s.Online() || s.otherMode(o) {
		return nil, nil
	}
	rules, err := s.MethodRules(ctx, o.SiteID)
	for _, r := range rules {
		if catalog.MayPayRestBy(rules, r.Method, rest) == nil && order.MayPayWith(o, r.Method) == nil {
			out = append(out, r.Method)
		}
	}
	return out, err
}

// SwitchMethod starts a new attempt by another method, for what is still to be
// paid. Choosing the method that is already open changes nothing. Errors:
// Invalid at "method", Conflict "order.not_payable", "order.online_off" and "gateway.other_mode", Limited "limit.method" and
// "limit.orders": it counts against the client like an order.
func (s *Service) SwitchMethod(ctx context.Context, token order.Token, typed, client string) error {
	return s.SwitchShown(ctx, token, typed, client, 0)
}

// SwitchShown is SwitchMethod for a page that showed the amount to pay; 0 is a
// caller that showed none. Errors as of SwitchMethod, and Conflict
// "order.amount_changed" where another amount is to be paid by now.
func (s *Service) SwitchShown(ctx context.Context, token order.Token, typed, client string, shown money.Rupiah) error {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return err
	}
	method, ok := payments.ParseMethod(typed)
	if !ok {
		return fault.AtField("method", "order.method_unknown")
	}
	if !s.Online() {
		return ErrOnlineOff
	}
	// A choice that changes nothing is given back to the client, and takes a transaction.
	if ok, after := s.Cache.Allow(ctx, "method:"+string(o.ID), s.Limits.ChoicesPerOrder); !ok {
		return fault.TooOften("limit.method", after)
	}
	if err := s.allowOrder(ctx, client); err != nil {
		return err
	}
	changed := false
	_, _, err = s.ledger.Change(ctx, actor.Customer, "order.method", o.ID, func(tx *store.Tx, o *order.Order) error {
		changed, err = s.nextAttempt(ctx, tx, o, method, shown)
		o.Client = s.clientKey(client)
		if err == nil && !changed {
			err = ledger.ErrUnchanged
		}
		return err
	})
	if !changed { // it costs the gateway nothing
		s.Cache.GiveBack(ctx, "orders:client:"+client, s.Limits.OrdersPerClient)
	}
	if err != nil {
		return fmt.Errorf("switch method of order %s: %w", o.ID, err)
	}
	if changed {
		if err := s.CreateCharge(ctx, o.ID); err != nil {
			s.Log.WarnContext(ctx, "charge not created yet", "order", o.ID, "error", err)
		}
	}
	return nil
}

func (s *Service) nextAttempt(ctx context.Context, tx *store.Tx, o *order.Order, method payments.Method, shown money.Rupiah) (bool, error) {
	if err := order.MaySwitchMethod(*o); err != nil {
		return false, err
	}
	if s.otherMode(*o) {
		return false, errOtherMode
	}
	_, facts, err := tx.Facts(ctx, o.ID)
	if err != nil {
		return false, err
	}
	rest := order.Derive(facts, tx.Now()).Remaining
	if shown != 0 && shown != rest {
		return false, fault.New(fault.Conflict, "order.amount_changed")
	}
	if err := order.MayPayWith(*o, method); err != nil {
		return false, err
	}
	rules, err := tx.PaymentMethods(ctx)
	if err == nil {
		err = catalog.MayPayRestBy(rules.Of(o.SiteID, s.VAMinimum), method, rest)
	}
	if err != nil {
		return false, err
	}
	current, err := tx.Attempt(ctx, o.ID, o.AttemptNo)
	if err != nil {
		return false, err
	}
	alive := current.State == order.Open || current.State == order.Creating
	if alive && current.Method == method && current.Amount == rest {
		return false, nil
	}
	if o.AttemptNo >= s.Limits.AttemptsPerOrder {
		return false, fault.New(fault.Limited, "limit.method")
	}
	if alive {
		if err := s.Supersede(ctx, tx, current); err != nil {
			return false, err
		}
	}
	o.AttemptNo++
	if now := tx.Now(); o.ExpiresAt.Before(now) {
		// The remainder of an underpaid order may be paid after its time.
		extended := *o
		extended.ExpiresAt = now.Add(s.OrderTTL)
		_, err = s.addAttempt(ctx, tx, extended, method, rest, false)
		return true, err
	}
	_, err = s.addAttempt(ctx, tx, *o, method, rest, false)
	return true, err
}

// Supersede ends an attempt that another one replaces; its charge is cancelled at the gateway.
func (s *Service) Supersede(ctx context.Context, tx *store.Tx, a order.Attempt) error {
	a.State = order.Superseded
	if err := tx.SaveAttempt(ctx, a); err != nil {
		return err
	}
	return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.ChargeCancel, Queue: jobs.QueueGateway, Subject: a.ID, DueAt: tx.Now()})
}
