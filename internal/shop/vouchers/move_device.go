package vouchers

import (
	"context"
	"fmt"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/priority"
	"gerai/internal/shop/internal/ledger"
)

// MoveDevice logs out whatever devices use the voucher and logs in the one
// that asks, if the router sees it. A try that fails for the router's sake does
// not count. Errors as of Connect, and Limited "limit.move".
func (s *Service) MoveDevice(ctx context.Context, token order.Token, h order.Hints) error {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return err
	}
	held, err := s.Holder(ctx, o)
	if err != nil {
		return err
	}
	if err := mayConnect(o, held, s.Clock.Now()); err != nil {
		return err
	}
	if ok, after := s.Cache.Allow(ctx, "move:"+string(held.Order.ID), s.Limits.MovesPerOrder); !ok {
		return fault.TooOften("limit.move", after)
	}
	ctx = priority.With(ctx, priority.Urgent)
	if err = s.move(ctx, o, held, h); fault.MayPass(err) { // it lies with the router: that costs the customer nothing
		s.Cache.GiveBack(ctx, "move:"+string(held.Order.ID), s.Limits.MovesPerOrder)
	}
	return err
}

func (s *Service) move(ctx context.Context, o order.Order, held holding, h order.Hints) error {
	r, err := s.Store.Router(ctx, held.Voucher.RouterID)
	if err != nil {
		return err
	}
	if err := s.Hotspot.Kick(ctx, r.Router, held.Voucher.Username); err != nil {
		return fmt.Errorf("move device of order %s: %w", o.ID, err)
	}
	s.dropUsage(held.Voucher.ID)
	s.ledger.DropView(o.ID)
	if h = ledger.CleanHints(h); h.MAC != "" && h.IP != "" {
		o.Hints = h
		return s.connect(ctx, o)
	}
	return nil
}
