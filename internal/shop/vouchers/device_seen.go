package vouchers

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
)

const (
	// seenWithin is how long the routers of a site may take to say which devices they list: a
	// customer waits for the page.
	seenWithin = 2 * time.Second
	// hostsFresh is for how long a device counts as listed after its router was asked.
	hostsFresh = 10 * time.Second
)

// hostsPace is how often one router is asked which devices it lists. It is asked for all of
// them at once, so that invented addresses take nothing from the devices that are there.
var hostsPace = cache.Limit{Count: 20, Per: 20 * time.Second}

// hostLists are the devices that routers listed when they were last asked.
type hostLists struct {
	mu    sync.Mutex
	lists map[string]hostList // by router
	loads singleflight.Group
}

type hostList struct {
	at      time.Time
	devices map[hotspot.Device]bool
}

// DeviceSeen is the hardware address that hints name, if a router of the site lists it under
// their IP address, else "". A router that does not answer lists nothing.
func (s *Service) DeviceSeen(ctx context.Context, site catalog.Site, h order.Hints) (string, error) {
	if h = ledger.CleanHints(h); h.MAC == "" || h.IP == "" {
		return "", nil
	}
	routers, err := s.Store.RoutersOf(ctx, site.ID)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, seenWithin)
	defer cancel()
	device := hotspot.Device{MAC: h.MAC, IP: h.IP}
	lists := make(chan bool, len(routers))
	for _, r := range routers { // side by side: one that hangs takes no time from the others
		go func() { lists <- s.routerLists(ctx, r.Router, device) }()
	}
	for range routers {
		if <-lists {
			return h.MAC, nil
		}
	}
	return "", nil
}

// routerLists reports whether a router lists a device, asking it where that may have changed.
func (s *Service) routerLists(ctx context.Context, r hotspot.Router, device hotspot.Device) bool {
	s.hosts.mu.Lock()
	known := s.hosts.lists[r.ID]
	s.hosts.mu.Unlock()
	if known.devices[device] && s.Clock.Now().Sub(known.at) < hostsFresh {
		return true
	}
	if ok, _ := s.Cache.Allow(ctx, "router:hosts:"+r.ID, hostsPace); !ok {
		return false
	}
	loaded := s.hosts.loads.DoChan(r.ID, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), seenWithin) // others wait for it, too
		defer cancel()
		return s.loadHosts(ctx, r)
	})
	select {
	case <-ctx.Done():
		return false
	case got := <-loaded:
		if got.Err != nil {
			s.Log.DebugContext(ctx, "hosts not listed", "router", r.ID, "error", got.Err)
			return false
		}
		return got.Val.(hostList).devices[device]
	}
}

func (s *Service) loadHosts(ctx context.Context, r hotspot.Router) (hostList, error) {
	list := hostList{s.Clock.Now(), map[hotspot.Device]bool{}}
	all, err := s.Hotspot.Hosts(ctx, r)
	if err != nil {
		return list, err
	}
	for _, x := range all {
		list.devices[x] = true
	}
	s.hosts.mu.Lock()
	defer s.hosts.mu.Unlock()
	if s.hosts.lists == nil {
		s.hosts.lists = map[string]hostList{}
	}
	s.hosts.lists[r.ID] = list
	return list, nil
}
