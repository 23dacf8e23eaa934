package vouchers

import (
	"context"
	"time"

	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// holding is the voucher that serves an order, and the order it was sold with:
// the order itself, or the one that it extended.
type holding struct {
	Order   order.Order
	Voucher store.Voucher
	Found   bool
}

func (h holding) Alive(now time.Time) bool { return h.Found && h.Voucher.Facts().Alive(now) }

// Holder is the voucher that an order gives or extends, with its order.
func (s *Service) Holder(ctx context.Context, o order.Order) (holding, error) {
	own, _, err := s.Store.Voucher(ctx, o.ID)
	if err != nil {
		return holding{}, err
	}
	return s.HolderBeside(ctx, o, own)
}

// HolderBeside is Holder for who has read the order's own voucher, zero where it has none.
func (s *Service) HolderBeside(ctx context.Context, o order.Order, own store.Voucher) (holding, error) {
	if own.ID != "" || o.Extends == "" {
		return holding{o, own, own.ID != ""}, nil
	}
	root, err := s.Store.Order(ctx, o.Extends)
	if err != nil {
		return holding{}, err
	}
	v, found, err := s.Store.Voucher(ctx, root.ID)
	return holding{root, v, found}, err
}

// ExtendedItem is what a voucher may do with the extensions that are done.
func ExtendedItem(ctx context.Context, r interface {
	Extensions(context.Context, order.ID) ([]order.Order, error)
}, root order.Order) (order.Item, error) {
	done, err := r.Extensions(ctx, root.ID)
	return voucher.Facts{Item: root.Item, Extensions: items(done)}.Allowance(), err
}
