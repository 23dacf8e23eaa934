package vouchers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/priority"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/voucher"
)

// Connect logs the customer's device in. The device is what the browser claims
// to be now, else what it claimed when it ordered; the driver believes it only
// if the router lists exactly that host. Errors: Conflict "order.not_active" and
// "voucher.ended" and "voucher.suspended", NotFound "device.not_seen" (the page falls back to the login link or
// typing), Limited, router faults.
func (s *Service) Connect(ctx context.Context, token order.Token, h order.Hints) error {
	o, err := s.Store.OrderByToken(ctx, token)
	if err != nil {
		return err
	}
	held, err := s.Holder(ctx, o)
	if err == nil {
		err = mayConnect(o, held, s.Clock.Now())
	}
	if err != nil {
		return err
	}
	if ok, after := s.Cache.Allow(ctx, "connect:"+string(o.ID), s.Limits.ConnectsPerOrder); !ok {
		return fault.TooOften("limit.connect", after)
	}
	ctx = priority.With(ctx, priority.Urgent) // from here on it is a customer who has paid
	if h = ledger.CleanHints(h); h.MAC != "" && h.IP != "" {
		o.Hints = h
	}
	return s.connect(ctx, o)
}

// mayConnect says why no device is logged in for an order, or nil. Errors: those of
// order.MayConnect and voucher.MayConnect.
func mayConnect(o order.Order, held holding, now time.Time) error {
	if err := order.MayConnect(o, held.Alive(now)); err != nil {
		return err
	}
	return voucher.MayConnect(held.Voucher.Facts())
}

func (s *Service) connect(ctx context.Context, o order.Order) error {
	if o.Hints.MAC == "" || o.Hints.IP == "" {
		return hotspot.ErrNotSeen
	}
	held, err := s.Holder(ctx, o)
	if err == nil {
		err = voucher.MayConnect(held.Voucher.Facts())
	}
	if err != nil {
		return err
	}
	r, err := s.Store.Router(ctx, held.Voucher.RouterID)
	if err != nil {
		return err
	}
	if err := s.Banned(ctx, r.SiteID, o.Hints.MAC); err != nil {
		return err
	}
	if err := s.endPass(ctx, o.ID); err != nil {
		return err
	}
	device := hotspot.Device{MAC: o.Hints.MAC, IP: o.Hints.IP}
	err = s.Hotspot.Connect(ctx, r.Router, device, held.Order.Username, held.Order.Password)
	if errors.Is(err, hotspot.ErrDeviceBusy) {
		// Perhaps with the pass of another order, which was to be paid first.
		var ended bool
		if ended, err = s.endPassesOf(ctx, r.ID, device.MAC, err); ended {
			err = s.Hotspot.Connect(ctx, r.Router, device, held.Order.Username, held.Order.Password)
		}
	}
	if errors.Is(err, hotspot.ErrUsedUp) {
		s.refusedUse(held.Voucher.ID)
		s.ledger.DropView(o.ID)
	}
	if err != nil {
		return fmt.Errorf("connect device of order %s: %w", o.ID, err)
	}
	s.dropUsage(held.Voucher.ID)
	s.ledger.DropView(o.ID) // the page that follows shows the device
	return nil
}

// ConnectJob is Connect right after activation, as a courtesy: it gives up
// soon, because the page offers a button and the credentials.
func (s *Service) ConnectJob(ctx context.Context, j jobs.Job) error {
	o, err := s.Store.Order(ctx, order.ID(j.Subject))
	if err != nil || o.Status != order.Activated {
		return err
	}
	err = s.connect(ctx, o)
	switch fault.KindOf(err) {
	case "":
		return nil
	case fault.Unavailable, fault.Unknown:
		if j.Snoozes < 3 {
			return &jobs.Snooze{After: ledger.Backoff(j.Snoozes, time.Second, 4*time.Second), Err: err}
		}
	}
	return &jobs.Give{Err: err}
}
