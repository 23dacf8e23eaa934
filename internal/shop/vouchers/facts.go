package vouchers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// FactsOf are the facts of the voucher that is made for an order, before it is recorded.
func (s *Service) FactsOf(o order.Order) voucher.Facts {
	return s.orderFacts(o, voucher.Facts{State: voucher.Sold, HasOrder: true})
}

// orderFacts adds what an order says of its voucher. The comment has the shape Mikhmon
// gives its own ("up", three digits, date, note), so that a Mikhmon on the same router
// neither breaks on it nor skips it; its note carries the order code, which makes the row
// recognisable as this order's.
func (s *Service) orderFacts(o order.Order, f voucher.Facts) voucher.Facts {
	sum := sha256.Sum256([]byte(o.ID))
	f.Username, f.Password, f.Item = o.Username, o.Password, o.Item
	f.Mark = ledger.OrderMark + string(o.Code)
	f.Comment = fmt.Sprintf("up-%s-%s-%s", order.Digits3(sum[:]), o.CreatedAt.In(s.ledger.Zone).Format(saleDay), f.Mark)
	return f
}

// saleDay is how a comment writes the day of the sale.
const saleDay = "01.02.06"

// SaleDay reads from a user's comment on which day it was sold.
func SaleDay(comment string, zone *time.Location) (time.Time, bool) {
	parts := strings.SplitN(comment, "-", 4)
	if len(parts) < 4 {
		return time.Time{}, false
	}
	day, err := time.ParseInLocation(saleDay, parts[2], zone)
	return day, err == nil
}

// BatchFacts adds what a batch says of one of its vouchers.
func BatchFacts(b store.Batch, f voucher.Facts) voucher.Facts {
	f.Comment, f.Mark, f.Server, f.Item, f.Making = b.Comment, ledger.BatchMark+b.Code, b.Server, b.Item, b.State == voucher.BatchRunning
	return f
}

// facts reads everything the books say of a voucher: its order, its batch, the extensions
// that count once they are paid for and nothing is wrong with them, and its refunds.
func (s *Service) facts(ctx context.Context, held holding) (voucher.Facts, error) {
	v, o := held.Voucher, held.Order
	x := beside{order: o}
	plans, err := s.Store.PlanDevices(ctx, []string{v.PlanID})
	if err != nil {
		return v.Facts(), err
	}
	x.devices = plans[v.PlanID]
	if v.BatchID != "" {
		if x.batch, err = s.Store.Batch(ctx, v.BatchID); err != nil {
			return v.Facts(), err
		}
	}
	if v.OrderID == "" {
		return s.factsWith(v, x), nil
	}
	if x.done, err = s.Store.Extensions(ctx, o.ID); err != nil {
		return v.Facts(), err
	}
	if x.paid, err = s.Store.PaidExtensions(ctx, o.ID); err != nil {
		return v.Facts(), err
	}
	if v.ID != "" { // extensions that were counted move its end: of the two it is read last
		now, err := s.Store.VoucherByID(ctx, v.ID)
		if err != nil {
			return v.Facts(), err
		}
		v.ValidUntil, v.FirstLoginAt = now.ValidUntil, now.FirstLoginAt
	}
	x.refunds, err = s.Store.Refunds(ctx, o.ID)
	return s.factsWith(v, x), err
}

// beside is what the books say of a voucher beside its row; what it has not is empty.
type beside struct {
	order      order.Order
	batch      store.Batch
	devices    int           // for how many at once its plan is sold
	done, paid []order.Order // extensions
	refunds    []order.Refund
}

func (s *Service) factsWith(v store.Voucher, x beside) voucher.Facts {
	f := v.Facts()
	f.PlanDevices = x.devices
	if f.HasOrder {
		f = s.orderFacts(x.order, f)
	}
	if f.InBatch {
		f = BatchFacts(x.batch, f)
	}
	if !v.MovedAt.IsZero() {
		f.Server = "" // its batch's is one of the router that it was made on
	}
	if f.HasOrder {
		f.Item = x.order.Item // a batch is what the router knows a voucher by, the order what was sold
		paid := slices.DeleteFunc(slices.Clone(x.paid), func(x order.Order) bool { return x.Attention != order.NoReason })
		f.Extensions, f.Unwritten = items(append(slices.Clone(x.done), paid...)), len(paid)
		f.Refunded = slices.ContainsFunc(x.refunds, endsVoucher)
	}
	return f
}

// factsOf is facts for many vouchers, in their order.
func (s *Service) factsOf(ctx context.Context, all []store.Voucher) ([]voucher.Facts, error) {
	var ids []order.ID
	var planIDs []string
	batches := map[string]store.Batch{}
	for _, v := range all {
		if !slices.Contains(planIDs, v.PlanID) {
			planIDs = append(planIDs, v.PlanID)
		}
		if v.OrderID != "" {
			ids = append(ids, v.OrderID)
		}
		if _, read := batches[v.BatchID]; v.BatchID == "" || read {
			continue
		}
		b, err := s.Store.Batch(ctx, v.BatchID)
		if err != nil {
			return nil, err
		}
		batches[v.BatchID] = b
	}
	rows, err := s.Store.OrdersOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	orders := make(map[order.ID]order.Order, len(rows))
	for _, o := range rows {
		orders[o.ID] = o
	}
	done, paid, err := s.Store.ExtensionsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	refunds, err := s.Store.RefundsOfOrders(ctx, ids)
	if err != nil {
		return nil, err
	}
	plans, err := s.Store.PlanDevices(ctx, planIDs)
	if err != nil {
		return nil, err
	}
	out := make([]voucher.Facts, len(all))
	for i, v := range all {
		out[i] = s.factsWith(v, beside{order: orders[v.OrderID], devices: plans[v.PlanID], batch: batches[v.BatchID], done: done[v.OrderID], paid: paid[v.OrderID], refunds: refunds[v.OrderID]})
	}
	return out, nil
}

// endsVoucher reports whether a refund that ends its order's voucher is under way or done.
func endsVoucher(f order.Refund) bool { return f.EndsVoucher && f.UnderWay() }

func items(orders []order.Order) []order.Item {
	out := make([]order.Item, len(orders))
	for i, o := range orders {
		out[i] = o.Item
	}
	return out
}

// WithItem adds what was sold, with the extensions that are done, to what a voucher's row
// says of it.
func WithItem(v store.Voucher, sold order.Item, extensions ...order.Order) voucher.Facts {
	f := v.Facts()
	f.Item, f.Extensions = sold, items(extensions)
	return f
}

// Apply has a router hold for a voucher what the facts want, and says what that is. It is
// the only call that enables a single user or disables one.
func (s *Service) Apply(ctx context.Context, r catalog.Router, f voucher.Facts) (voucher.Want, error) {
	want, _, err := s.apply(ctx, r, f)
	return want, err
}

// apply is Apply that also says of a user which the router has not had before how it is.
func (s *Service) apply(ctx context.Context, r catalog.Router, f voucher.Facts) (want voucher.Want, fresh *hotspot.User, err error) {
	u, want := voucher.Wanted(f, s.Clock.Now())
	switch want {
	case voucher.WantEnabled:
		on := r.Router
		on.Server = cmp.Or(f.Server, on.Server)
		var done hotspot.Ensured
		if done, err = s.Hotspot.EnsureUser(ctx, on, u); err == nil && !done.Existed {
			fresh = &u
		}
	case voucher.WantDisabled:
		err = s.Hotspot.DisableUser(ctx, r.Router, u.Name)
	}
	return want, fresh, err
}

// applyAll is Apply with everything the books say, at the speed and for the devices of one
// of the voucher's items. What is paid for while the router is asked counts as well: of
// two that ask at once the slower one would otherwise take back what the faster one gave.
func (s *Service) applyAll(ctx context.Context, r catalog.Router, held holding, speed voucher.Speed) (voucher.Want, error) {
	f, err := s.facts(ctx, held)
	for range ledger.Tries {
		if err != nil {
			return voucher.WantNone, err
		}
		f.Speed = speed
		want, err := s.Apply(ctx, r, f)
		if err != nil {
			return want, err
		}
		before := f
		f, err = s.facts(ctx, held)
		f.Speed = speed
		u, _ := voucher.Wanted(f, s.Clock.Now())
		if was, _ := voucher.Wanted(before, s.Clock.Now()); err != nil || f.Refunded == before.Refunded && u.Same(was) {
			return want, err
		}
	}
	return voucher.WantNone, store.ErrOrderChanged
}
