package vouchers

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// EvenOut sets the voucher that an order extended, or was about to extend, on
// its router to what is paid for. It touches nothing unless the router was
// asked for more, or the voucher lives no more.
func (s *Service) EvenOut(ctx context.Context, o order.Order) error {
	if o.Extends == "" || !o.RouterTouched {
		return nil
	}
	held, err := s.Holder(ctx, order.Order{ID: o.ID, Extends: o.Extends})
	if err != nil || held.Order.ID == o.ID || !held.Alive(s.Clock.Now()) {
		return err
	}
	r, err := s.Store.Router(ctx, held.Voucher.RouterID)
	if err != nil {
		return err
	}
	var speed voucher.Speed
	done, err := s.Store.Extensions(ctx, held.Order.ID)
	if err != nil {
		return err
	}
	if len(done) > 0 {
		speed = voucher.SpeedOf(done[len(done)-1].Item)
	}
	s.dropUsage(held.Voucher.ID)
	_, err = s.applyAll(ctx, r, held, speed)
	if errors.Is(err, hotspot.ErrNameTaken) {
		return nil // the router's user was changed by hand: leave it
	}
	return err
}

// stopIfRefunded catches an activation that was on its way while the refund
// was approved: its user is switched off again.
func (s *Service) stopIfRefunded(ctx context.Context, tx *store.Tx, o order.Order, routerID string) error {
	refunds, err := tx.Refunds(ctx, o.ID)
	if err != nil {
		return err
	}
	for _, f := range refunds {
		if endsVoucher(f) {
			return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.RefundStop, Queue: jobs.RouterQueue(routerID), Subject: f.ID, DueAt: tx.Now()})
		}
	}
	return nil
}

// CheckStock opens an alert for every plan whose stock is low, closes those
// whose stock is not any more, and lets orders try again that waited for it.
func (s *Service) CheckStock(ctx context.Context) error {
	levels, err := s.Store.StockLevels(ctx)
	if err != nil {
		return err
	}
	told, err := s.alerts.OpenSubjects(ctx, "stock_low")
	if err != nil {
		return err
	}
	for plan, low := range levels {
		left, err := s.Store.StockUpTo(ctx, plan, low)
		switch {
		case err != nil:
		case left < low && !told[plan]:
			err = s.ledger.Alert(ctx, "stock_low", plan, fmt.Sprintf("%d < %d", left, low))
		case left >= low && told[plan]:
			err = s.ledger.CloseAlert(ctx, "stock_low", plan)
		}
		if err != nil {
			return err
		}
		delete(told, plan)
	}
	for plan := range told { // it has no stock level any more
		if err := s.ledger.CloseAlert(ctx, "stock_low", plan); err != nil {
			return err
		}
	}
	return s.retryAllocations(ctx)
}

// CountStock looks whether a change made the stock low or refilled it; the change
// stands anyway.
func (s *Service) CountStock(ctx context.Context) {
	if err := s.CheckStock(ctx); err != nil {
		s.Log.WarnContext(ctx, "stock not checked", "error", err)
	}
}
