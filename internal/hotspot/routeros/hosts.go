package routeros

import (
	"context"

	"gerai/internal/hotspot"
)

// Hosts implements hotspot.Driver. A device has the address that it has and the one that the
// router gave it: a browser may know either.
func (d *Driver) Hosts(ctx context.Context, r hotspot.Router) ([]hotspot.Device, error) {
	var out []hotspot.Device
	err := d.do(ctx, "list hosts", r, func(s *session) error {
		var mac, own, given string
		var bypassed bool
		out = nil
		return s.stream(func(word []byte, end bool) error {
			switch key, value, _ := cutWord(word); {
			case end:
				if mac != "" && !bypassed && len(out) < hotspot.MostSessions {
					out = append(out, hotspot.Device{MAC: mac, IP: own})
					if given != "" && given != own {
						out = append(out, hotspot.Device{MAC: mac, IP: given})
					}
				}
				mac, own, given, bypassed = "", "", "", false
			case len(value) > longestName:
			case string(key) == "mac-address":
				mac = string(value)
			case string(key) == "address":
				own = string(value)
			case string(key) == "to-address":
				given = string(value)
			case string(key) == "bypassed":
				bypassed = yes(string(value))
			}
			return nil
		}, hostMenu+"/print", "=.proplist=mac-address,address,to-address,bypassed")
	})
	return out, err
}
