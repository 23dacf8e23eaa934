package vouchers

import (
	"context"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
)

// seenWithin is how long the routers of a site may take to say whether they list a device: a
// customer waits for the page.
const seenWithin = 2 * time.Second

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
	said := make(chan bool, len(routers))
	for _, r := range routers { // side by side: one that hangs takes no time from the others
		go func() {
			err := s.Hotspot.Sees(ctx, r.Router, hotspot.Device{MAC: h.MAC, IP: h.IP})
			if err != nil {
				s.Log.DebugContext(ctx, "device not seen", "router", r.ID, "error", err)
			}
			said <- err == nil
		}()
	}
	for range routers {
		if <-said {
			return h.MAC, nil
		}
	}
	return "", nil
}
