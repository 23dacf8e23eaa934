package orders

import (
	"context"
	"encoding/hex"
	"time"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
)

// How the gateway's budgets are shared. A client is a network address; a whole
// hotspot may stand behind one. A client that stays within its own share is
// always served: the shares of four clients and the common reserve together are
// less than the whole. What a client needs beyond its share comes from the
// reserve, so that a busy hotspot may use far more while the rest is quiet.
//
// A device is what a browser claims to be. Anyone on the same hotspot can claim
// to be a neighbour, so a device is never refused by its name alone: one that
// has asked for too much is served from what its client has to spare.
const (
	clientShare = 10 // of a budget, for each client
	reserve     = 3  // of the creations, for clients beyond their share
	retryShare  = 3  // of the creations, for tries after the first
	sweepShare  = 2  // of the reads, for the sweep
	deviceSpare = 4  // of a client's orders, for devices beyond their own limit
)

// part is a fraction of a limit, at least one event.
func part(l cache.Limit, of int) cache.Limit {
	l.Count = max(1, l.Count/of)
	return l
}

// budget is what the gateway allows with the key in use.
func (s *Service) budget(l cache.Limit) cache.Limit {
	if s.Limits.TestShare > 1 && !s.Live() {
		return part(l, s.Limits.TestShare)
	}
	return l
}

// clientKey is what a network address is counted by: a keyed digest, so that
// the books hold no address.
func (s *Service) clientKey(client string) string {
	if client == "" {
		return ""
	}
	return hex.EncodeToString(s.Keys.MACs("client", client)[0][:12])
}

// allowCreate takes one charge creation from the client's share, or from the
// reserve, and from the whole budget. Later tries leave two thirds of the whole
// to fresh orders. giveBack returns what was taken, where the gateway is not asked after all.
func (s *Service) allowCreate(ctx context.Context, client string, retry bool) (giveBack func(), err error) {
	whole := s.budget(s.Limits.CreatesPerGateway)
	type take struct {
		key   string
		limit cache.Limit
	}
	var taken []take
	try := func(key string, l cache.Limit) (bool, time.Duration) {
		ok, after := s.Cache.Allow(ctx, key, l)
		if ok {
			taken = append(taken, take{key, l})
		}
		return ok, after
	}
	giveBack = func() {
		for _, t := range taken {
			s.Cache.GiveBack(ctx, t.key, t.limit)
		}
	}
	ok, after := try("gateway:creates:"+client, part(whole, clientShare))
	if !ok {
		var later time.Duration
		ok, later = try("gateway:creates:reserve", part(whole, reserve))
		after = min(after, later)
	}
	if ok && retry {
		ok, after = try("gateway:creates:retry", part(whole, retryShare))
	}
	if ok {
		ok, after = try("gateway:creates", whole)
	}
	if ok {
		return giveBack, nil
	}
	giveBack()
	return func() {}, fault.TooOften("gateway.busy", after)
}

// allowOrder counts a request for a new order or another method against its
// client.
func (s *Service) allowOrder(ctx context.Context, client string) error {
	if ok, after := s.Cache.Allow(ctx, "orders:client:"+client, s.Limits.OrdersPerClient); !ok {
		return fault.TooOften("limit.orders", after)
	}
	return nil
}

// allowDevice counts an order against the device it names; beyond the device's
// limit it counts against what the client has to spare.
func (s *Service) allowDevice(ctx context.Context, in PlaceIn, site catalog.Site) error {
	if in.Hints.MAC == "" {
		return nil
	}
	if ok, _ := s.Cache.Allow(ctx, "orders:device:"+in.Client+":"+site.ID+":"+in.Hints.MAC, s.Limits.OrdersPerDevice); ok {
		return nil
	}
	if ok, after := s.Cache.Allow(ctx, "orders:spare:"+in.Client, part(s.Limits.OrdersPerClient, deviceSpare)); !ok {
		s.Cache.GiveBack(ctx, "orders:client:"+in.Client, s.Limits.OrdersPerClient) // what was refused takes nothing from the others
		return fault.TooOften("limit.orders", after)
	}
	return nil
}

// unpaidWait is what a client is told to wait for when too many of its orders
// are unpaid.
const unpaidWait = time.Minute

// roomForUnpaid refuses one more order of a client that has too many unpaid ones.
// Devices beyond their own limit share a quarter of the client's.
func (s *Service) roomForUnpaid(ctx context.Context, tx *store.Tx, o order.Order) error {
	if o.Client == "" {
		return nil
	}
	most := s.Limits.UnpaidPerClient
	all, err := tx.Unpaid(ctx, o.Client, "", "", most)
	if err != nil {
		return err
	}
	if all < most && (o.Hints.MAC == "" || deviceSpare*all < most) {
		return nil
	}
	if all < most {
		own, err := tx.Unpaid(ctx, o.Client, o.SiteID, o.Hints.MAC, s.Limits.UnpaidPerDevice)
		if err != nil || own < s.Limits.UnpaidPerDevice {
			return err
		}
	}
	return fault.TooOften("limit.unpaid", unpaidWait)
}

// allowSweep takes one listing call for the sweep: the other half of the reads
// is for payments that were announced and customers who ask.
func (s *Service) allowSweep(ctx context.Context) error {
	if ok, after := s.Cache.Allow(ctx, "gateway:sweeps", part(s.budget(s.Limits.GatewayReads), sweepShare)); !ok {
		return fault.TooOften("gateway.busy", after)
	}
	return s.allowLookup(ctx)
}

// mayWatch takes what reading a watched order early costs from the client's
// share. One listing call covers many charges, so the share is counted in
// charges.
func (s *Service) mayWatch(ctx context.Context, o order.Order) bool {
	share := part(s.budget(s.Limits.GatewayReads), 2*clientShare)
	share.Count = max(share.Count*SweepBatch, s.Limits.AttemptsPerOrder)
	ok, _ := s.Cache.AllowN(ctx, "gateway:watched:"+o.Client, share, max(1, o.AttemptNo))
	return ok
}
