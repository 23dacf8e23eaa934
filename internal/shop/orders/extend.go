package orders

import (
	"context"

	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
)

// Extend places an order that lengthens a working voucher: same plan, same method,
// today's price. Once it is paid the voucher's time and limits grow; its name and
// password stay. If the voucher has ended by then, the order gets a voucher of its own.
// Errors as of Place, Conflict "order.not_active", and Conflict "order.unlimited" where
// there is nothing to lengthen.
func (s *Service) Extend(ctx context.Context, token order.Token, form AgainIn) (order.Order, error) {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return order.Order{}, err
	}
	if err := order.MayExtend(o); err != nil {
		return order.Order{}, err
	}
	held, err := s.vouchers.Holder(ctx, o)
	if err != nil {
		return order.Order{}, err
	}
	in, err := s.again(ctx, o, form)
	if err != nil {
		return order.Order{}, err
	}
	if now := s.Clock.Now(); held.Alive(now) {
		all, err := vouchers.ExtendedItem(ctx, s.Store, held.Order)
		if err != nil {
			return order.Order{}, err
		}
		if err := voucher.MayExtend(vouchers.WithItem(held.Voucher, all), now); err != nil {
			return order.Order{}, err
		}
		in.Extends, in.RouterID = held.Order.ID, held.Voucher.RouterID
	}
	return s.Place(ctx, in)
}
