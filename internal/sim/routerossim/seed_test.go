package routerossim

import "testing"

// What exporters and other tools read is there, on every age of router.
func TestMenusOfOtherTools(t *testing.T) {
	for _, version := range []string{"6.49", "7.16", "7.22"} {
		r := start(t, Options{Version: version})
		c := dial(t, r)
		for _, path := range []string{"ip/firewall/nat", "ip/firewall/filter", "ip/dns/static", "ip/arp", "ip/route", "interface/ethernet", "interface/bridge",
			"interface/bridge/port", "system/health", "system/package", "user/active"} {
			c.ok("/" + path + "/print")
			if len(r.Rows(path)) == 0 {
				t.Errorf("%s: %s is empty", version, path)
			}
		}
		if version != "6.49" {
			c.ok("/interface/wifi/print")
		}
		c.ok("/ip/dhcp-server/lease/print", "=active=")
	}
}
