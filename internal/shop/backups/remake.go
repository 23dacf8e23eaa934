package backups

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// Why the order of a charge is not made again, beside what the charge itself lacks.
var (
	errUnknownPlan   = fault.New(fault.Refused, "recovery.plan")
	errUnknownTarget = fault.New(fault.Refused, "recovery.target")
	errOtherTerms    = fault.New(fault.Refused, "recovery.terms")
	errGivenBack     = fault.New(fault.Refused, "recovery.given_back")
)

// Remake makes the order of a paid charge again that the backup does not know: with its
// old code, so that the customer's link opens it, and the attempt that was paid. Money is
// recorded afterwards, as always from the gateway's answer. An order that the books have
// gets the attempt that it lacks. It changes nothing in a shop that was not restored; why
// is the code of the reason where a restored one cannot. A second call finds what the first
// one made. Errors: the gateway's.
func (s *Service) Remake(ctx context.Context, c payments.Charge) (id order.ID, why string, err error) {
	m, known := s.restore.kept()
	if !known {
		if m, err = s.LookAtRecovery(ctx); err != nil {
			return "", "", err
		}
	}
	if !m.MayRemake(s.Clock.Now()) {
		return "", "", nil
	}
	id, err = s.remake(ctx, c)
	if fault.Is(err, fault.Refused) {
		return "", fault.CodeOf(err), nil
	}
	if err != nil {
		return "", "", fmt.Errorf("make the order of charge %s again: %w", c.GatewayID, err)
	}
	return id, "", nil
}

func (s *Service) remake(ctx context.Context, c payments.Charge) (order.ID, error) {
	back, err := s.Store.RefundsOf(ctx, s.Gateway.Name(), c.GatewayID)
	switch {
	case err != nil:
		return "", err
	case len(back) > 0:
		return "", errGivenBack // staff decided about it as money without an order
	}
	code, no, ok := order.ParseReference(c.Reference)
	if !ok {
		return "", order.ErrForeignReference
	}
	o, err := s.Store.OrderByCode(ctx, code)
	switch {
	case err == nil:
		return o.ID, s.addAttempt(ctx, o, no, c)
	case !fault.Is(err, fault.NotFound):
		return "", err
	}
	r, err := order.Remake(c)
	if err != nil {
		return "", err
	}
	o = r.Order()
	if err := s.checkSold(ctx, r, &o); err != nil {
		return "", err
	}
	earlier, err := s.earlierCharges(ctx, code, no)
	if err != nil {
		return "", err
	}
	return s.insert(ctx, o, append(earlier, c))
}

// checkSold refuses what is not of this shop's catalogue or more than it gives, and finds the
// voucher that an extension lengthens: everyone with the gateway's key can write there what
// they like.
func (s *Service) checkSold(ctx context.Context, r order.Remade, o *order.Order) error {
	plan, err := s.Store.Plan(ctx, r.Item.PlanID)
	if fault.Is(err, fault.NotFound) || err == nil && plan.SiteID != r.SiteID {
		return errUnknownPlan
	}
	if err != nil {
		return err
	}
	site, err := s.Store.Site(ctx, r.SiteID)
	if err != nil {
		return err
	}
	plans, err := s.Store.Plans(ctx, r.SiteID)
	if err != nil {
		return err
	}
	if !catalog.MayHaveSold(site, plans, r.Item) {
		return errOtherTerms
	}
	if r.Target == "" {
		return nil
	}
	target, err := s.Store.OrderByCode(ctx, r.Target)
	if fault.Is(err, fault.NotFound) || err == nil && target.SiteID != r.SiteID {
		return errUnknownTarget
	}
	if err != nil {
		return err
	}
	v, _, err := s.Store.Voucher(ctx, target.ID)
	o.Extends, o.RouterID = target.ID, v.RouterID
	return err
}

// earlierCharges reads the charges of the attempts before one: money may have come through
// them as well.
func (s *Service) earlierCharges(ctx context.Context, code order.Code, no int) (out []payments.Charge, err error) {
	for n := 1; n < no; n++ {
		find, cancel := context.WithTimeout(ctx, pageWithin)
		found, err := s.Gateway.Find(find, order.Reference(code, n))
		cancel()
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		c := payments.Charge{Reference: order.Reference(code, n)}
		for _, x := range found {
			if c.GatewayID == "" || x.Status == payments.Paid {
				c = x
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// insert writes the order with the attempts of its charges, the paid one last, in one
// transaction; a user name that is taken is drawn again.
func (s *Service) insert(ctx context.Context, o order.Order, charges []payments.Charge) (order.ID, error) {
	c := charges[len(charges)-1]
	for range ledger.Tries {
		if err := s.ledger.DrawCredentials(&o); err != nil {
			return "", err
		}
		err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			if err := ledger.FreeOfStock(ctx, tx, o.Username); err != nil {
				return err
			}
			placed := c.PaidAt()
			if placed.IsZero() || placed.After(tx.Now()) {
				placed = tx.Now()
			}
			if err := s.ledger.BeginAt(ctx, tx, &o, placed); err != nil {
				return err
			}
			for i, x := range charges {
				if err := tx.InsertAttempt(ctx, attemptOf(tx, o, i+1, x, c)); err != nil {
					return err
				}
			}
			tx.Audit("order.remake", "order:"+string(o.ID), map[string]any{"code": string(o.Code), "site": o.SiteID, "plan": o.Item.PlanID, "total": int64(o.Total), "charge": c.GatewayID})
			return nil
		})
		var taken *store.Taken
		switch {
		case err == nil:
			return o.ID, nil
		case !errors.As(err, &taken):
			return "", err
		case taken.Column != "username": // another worker has made the order
			made, err := s.Store.OrderByCode(ctx, o.Code)
			return made.ID, err
		}
	}
	return "", fault.New(fault.Internal, "order.no_free_code")
}

// attemptOf is an attempt of an order as its charge tells of it. An earlier one without a
// charge only keeps its number.
func attemptOf(tx *store.Tx, o order.Order, no int, c, paid payments.Charge) order.Attempt {
	a := order.Attempt{ID: tx.NewID(), OrderID: o.ID, No: no, Method: c.Method, Amount: c.Amount, Reference: order.Reference(o.Code, no), Key: order.AttemptKey(o.ID, no),
		State: order.Superseded, GatewayID: c.GatewayID, MethodID: c.MethodID, QR: c.QR, VA: c.VA, ExpiresAt: c.ExpiresAt, CreatedAt: o.CreatedAt}
	if c.GatewayID == paid.GatewayID {
		a.State = order.Open
	}
	if c.GatewayID == "" {
		a.Method, a.Amount = paid.Method, paid.Amount
	} else {
		a.AskedAt = tx.Now()
	}
	if a.ExpiresAt.IsZero() {
		a.ExpiresAt = o.ExpiresAt
	}
	return a
}

// addAttempt gives an order that the books have an attempt that they lack: another method
// was chosen after the backup.
func (s *Service) addAttempt(ctx context.Context, o order.Order, no int, c payments.Charge) error {
	if _, err := s.Store.Attempt(ctx, o.ID, no); err == nil || !fault.Is(err, fault.NotFound) {
		return err
	}
	_, _, err := s.ledger.Change(ctx, actor.Server, "", o.ID, func(tx *store.Tx, now *order.Order) error {
		if _, err := tx.Attempt(ctx, o.ID, no); err == nil || !fault.Is(err, fault.NotFound) {
			return cmp.Or(err, ledger.ErrUnchanged)
		}
		// The numbers between are those of charges that were not paid, or not yet.
		for n := now.AttemptNo + 1; n < no; n++ {
			if err := tx.InsertAttempt(ctx, attemptOf(tx, *now, n, payments.Charge{}, c)); err != nil {
				return err
			}
		}
		if err := tx.InsertAttempt(ctx, attemptOf(tx, *now, no, c, c)); err != nil {
			return err
		}
		now.AttemptNo = max(now.AttemptNo, no)
		tx.Audit("charge.remake", "order:"+string(o.ID), map[string]any{"code": string(o.Code), "charge": c.GatewayID, "attempt": no})
		return nil
	})
	return err
}
