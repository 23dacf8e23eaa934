package vouchers

import (
	"context"
	"slices"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// touchedAfter is how long a router is away at least before another one serves an order whose
// user it may have got: most come back from a restart sooner, and then tell.
const touchedAfter = time.Minute

// candidates are the routers to be tried for an order, in order.
type candidates struct {
	routers   []catalog.Router
	stock     []catalog.Router // those whose stock may be sold
	failover  bool             // they stand in for each other
	preferred catalog.Router   // the first of them by priority, with failover
}

// has reports whether a router is among them.
func (c candidates) has(id string) bool {
	return slices.ContainsFunc(c.routers, func(r catalog.Router) bool { return r.ID == id })
}

// without leaves out routers that are not waited for, and their stock where others have some.
func (c candidates) without(routers []catalog.Router) candidates {
	left := func(all []catalog.Router) []catalog.Router {
		return slices.DeleteFunc(slices.Clone(all), func(r catalog.Router) bool {
			return slices.ContainsFunc(routers, func(x catalog.Router) bool { return x.ID == r.ID })
		})
	}
	c.routers = left(c.routers)
	if stock := left(c.stock); len(stock) > 0 {
		c.stock = stock
	}
	return c
}

// notAsked reports whether a router certainly did not do what failed so, and another one may
// be asked: it was not reached, or did not let us in.
func (c candidates) notAsked(err error) bool {
	return fault.Is(err, fault.Unavailable) || c.failover && fault.Is(err, fault.Config)
}

// candidates lists the routers to try. Only a site whose routers serve the same hotspot has
// more than one. Once a command was sent that may have been executed, that router alone can
// tell, unless it is away for long or switched off: then another one serves, and it lets the
// user go when it is back.
func (s *Service) candidates(ctx context.Context, o order.Order) (candidates, error) {
	site, err := s.Store.Site(ctx, o.SiteID)
	if err != nil {
		return candidates{}, err
	}
	routers, err := s.Store.RoutersOf(ctx, o.SiteID)
	if err != nil {
		return candidates{}, err
	}
	same := site.StandIns(routers)
	if len(same) > 1 {
		away, err := s.Store.AwayRouters(ctx)
		if err != nil {
			return candidates{}, err
		}
		now := s.Clock.Now()
		if !o.RouterTouched || away.Longer(o.RouterID, now, max(site.FailoverAfter, touchedAfter)) {
			c := candidates{routers: site.Serving(routers, away, now), stock: same, failover: true, preferred: same[0]}
			if o.Item.Delivery != order.OnlyStock {
				c.stock = site.Stocking(routers, away, now)
			}
			return c, nil
		}
	}
	if at := slices.IndexFunc(routers, func(r catalog.Router) bool { return r.ID == o.RouterID }); at >= 0 {
		return candidates{routers: routers[at : at+1], stock: routers[at : at+1]}, nil
	}
	if o.RouterID != "" {
		r, err := s.Store.Router(ctx, o.RouterID)
		if err == nil && (!r.Disabled || o.RouterTouched && len(same) == 0) {
			return candidates{routers: []catalog.Router{r}, stock: []catalog.Router{r}}, nil
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return candidates{}, err
		}
	}
	if len(same) > 1 {
		same = same[:1]
	}
	return candidates{routers: same, stock: same}, nil
}

// standsIn reports whether an order's user is for another router than r, because that one is
// away.
func (s *Service) standsIn(ctx context.Context, o order.Order, r catalog.Router) (bool, error) {
	o.RouterTouched = false
	try, err := s.candidates(ctx, o)
	return err == nil && try.failover && !try.has(r.ID), err
}

// pin notes whether a router that is named may have done what an order asks for.
func (s *Service) pin(ctx context.Context, o *order.Order, routerID string, touched bool) error {
	if o.RouterID == routerID && o.RouterTouched == touched {
		return nil
	}
	return s.repin(ctx, o, routerID, touched, func(*store.Tx, order.Order) error { return nil })
}

// pinDelivery notes that a router is about to be asked for an order's user, before it is
// asked. One that was asked before and may have done it has to let the user go. An order that
// extends another one asks for a user of its own only when that one is over, and what was
// asked before may have been the extension: each router is noted when it is asked.
func (s *Service) pinDelivery(ctx context.Context, o *order.Order, routerID string) error {
	if o.RouterID == routerID && o.RouterTouched && o.Extends == "" {
		return nil
	}
	return s.repin(ctx, o, routerID, true, func(tx *store.Tx, was order.Order) error {
		former, err := tx.FormerOfOrder(ctx, was.ID)
		if err != nil {
			return err
		}
		holder := was.RouterID
		if was.Extends != "" {
			holder = routerID
		}
		noted := func(f store.FormerRouter) bool { return f.RouterID == holder && f.LeftAt.IsZero() }
		if (was.Extends != "" || was.RouterTouched && holder != routerID) && !slices.ContainsFunc(former, noted) {
			f := store.FormerRouter{ID: tx.NewID(), OrderID: was.ID, RouterID: holder, Since: tx.Now()}
			if err := tx.AddFormerRouter(ctx, f); err != nil {
				return err
			}
			former = append(former, f)
		}
		for _, f := range former {
			if f.RouterID == routerID || !f.LeftAt.IsZero() {
				continue
			}
			if err := s.ledger.Enqueue(ctx, tx, leaveJob(tx, f)); err != nil {
				return err
			}
		}
		return nil
	})
}

// repin writes which router a paid order is with, and what follows from where it was.
func (s *Service) repin(ctx context.Context, o *order.Order, routerID string, touched bool, follow func(tx *store.Tx, was order.Order) error) error {
	changed, _, err := s.ledger.Change(ctx, actor.Server, "", o.ID, func(tx *store.Tx, now *order.Order) error {
		if now.Status != order.Paid {
			return ledger.ErrUnchanged
		}
		if err := follow(tx, *now); err != nil {
			return err
		}
		now.RouterID, now.RouterTouched = routerID, touched
		return nil
	})
	if err == nil {
		*o = changed
	}
	return err
}

// stoodIn writes what follows where a voucher was made on another router than the preferred
// one, or after another one may have got its user: those let it go.
func (s *Service) stoodIn(ctx context.Context, tx *store.Tx, v store.Voucher, r, preferred catalog.Router) error {
	former, err := tx.FormerOfOrder(ctx, v.OrderID)
	if err != nil {
		return err
	}
	for _, f := range former {
		if err := s.settleFormer(ctx, tx, v, f); err != nil {
			return err
		}
	}
	if preferred.ID == "" || preferred.ID == r.ID {
		return nil
	}
	tx.Audit("order.failover", ledger.SubjectOf(v), map[string]any{"router": r.Name, "instead_of": preferred.Name})
	away, err := tx.AwayRouters(ctx)
	if err != nil || !away.Has(preferred.ID) {
		return err
	}
	_, err = tx.OpenAlert(ctx, "router_failover", preferred.ID, r.Name)
	return err
}

// settleFormer says of a router that may have got an order's user that the order's voucher is
// another one's, or that it is the one after all.
func (s *Service) settleFormer(ctx context.Context, tx *store.Tx, v store.Voucher, f store.FormerRouter) error {
	if f.RouterID != v.RouterID {
		f.VoucherID = v.ID
		if err := tx.SaveFormerRouter(ctx, f); err != nil || !f.LeftAt.IsZero() {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, leaveJob(tx, f))
	}
	if err := tx.DropFormerRouter(ctx, f.ID); err != nil {
		return err
	}
	return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v)) // it may be about to let the user go
}
