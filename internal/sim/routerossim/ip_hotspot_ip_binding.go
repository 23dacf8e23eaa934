package routerossim

import "net/netip"

func init() {
	define("ip/hotspot/ip-binding", listVerbs, `mac-address:mac address:str to-address:str ~server:ref(ip/hotspot|all)=all
		~type:enum(regular|bypassed|blocked)=regular -blocked:bool=false -bypassed:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.live = func(_ *Router, x *row, get map[string]string) {
			if t := x.f["type"]; t == "bypassed" || t == "blocked" {
				get[t], get["type"] = "true", t
			}
		}
		m.feature = "hotspot"
	})
}

// The values below change with time, so they are computed when read.

// binding is the first enabled ip-binding that fits a host.
func (r *Router) binding(host *row) *row {
	var hit *row
	r.tables[bindingPath].each(func(b *row) bool {
		fits := b.f["mac-address"] != "" || b.f["address"] != ""
		fits = fits && (b.f["mac-address"] == "" || b.f["mac-address"] == host.f["mac-address"])
		fits = fits && (b.f["address"] == "" || within(b.f["address"], host.f["address"]))
		fits = fits && (b.f["server"] == "" || b.f["server"] == "all" || b.f["server"] == host.f["server"])
		if fits && b.f["disabled"] != "true" {
			hit = b
		}
		return hit == nil
	})
	return hit
}

func within(list, ip string) bool {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	if p, err := netip.ParsePrefix(list); err == nil {
		return p.Contains(a)
	}
	return list == ip
}

// makeBinding turns a host into an ip-binding.
func makeBinding(c *call) error {
	if err := c.only(".id", "numbers", "type", "comment"); err != nil {
		return err
	}
	kind, err := c.r.convert(menus[bindingPath].byName["type"], or(c.args["type"], "regular"))
	if err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	for _, host := range rows {
		f := map[string]string{"mac-address": host.f["mac-address"], "address": host.f["address"],
			"to-address": host.f["to-address"], "server": host.f["server"], "type": kind}
		if v := c.args["comment"]; v != "" {
			f["comment"] = v
		}
		c.r.insert(bindingPath, "", f)
	}
	return nil
}
