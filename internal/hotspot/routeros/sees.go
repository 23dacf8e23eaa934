package routeros

import (
	"context"

	"gerai/internal/hotspot"
)

// Sees implements hotspot.Driver.
func (d *Driver) Sees(ctx context.Context, r hotspot.Router, dev hotspot.Device) error {
	dev, err := parseDevice(dev)
	if err != nil {
		return err
	}
	return d.do(ctx, "look for device", r, func(s *session) error { return s.confirmHost(dev) })
}
