package routerossim

import (
	"strconv"
	"strings"
)

func init() {
	define("interface", "set enable disable comment listen", `name:str -default-name:str type:str=ether mtu:str=1500 -actual-mtu:num=1500
		l2mtu:num=1592 -mac-address:mac -last-link-up-time:when -link-downs:num=0 -rx-byte:num=0 -tx-byte:num=0 -rx-packet:num=0
		-tx-packet:num=0 -rx-error:num=0 -tx-error:num=0 -rx-drop:num=0 -tx-drop:num=0 -running:bool=true -dynamic:bool=false
		-slave:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.extra["monitor-traffic"] = monitorTraffic
		m.key, m.dup = []string{"name"}, "failure: already have interface with such name"
	})
	define("interface/ethernet", "set enable disable comment listen", `name:str -default-name:str mtu:num=1500 l2mtu:num=1592 -mac-address:mac
		arp:str=enabled auto-negotiation:bool=true speed:str=1Gbps full-duplex:bool=true -running:bool=true -slave:bool=false
		-rx-bytes:num=0 -tx-bytes:num=0 disabled:bool=false comment:str`)
	define("interface/bridge", listVerbs, `name:str mtu:str=auto -actual-mtu:num=1500 l2mtu:num=1592 arp:str=enabled -mac-address:mac
		protocol-mode:str=rstp vlan-filtering:bool=false -running:bool=true -dynamic:bool=false disabled:bool=false comment:str`)
	define("interface/bridge/port", listVerbs, `interface:str bridge:str pvid:num=1 priority:str=0x80 path-cost:str=10 horizon:str=none
		-status:str=in-bridge -inactive:bool=false -dynamic:bool=false disabled:bool=false comment:str`)
	define("interface/wifi", listVerbs, `name:str -default-name:str -mac-address:mac configuration.ssid:str configuration.mode:str=ap
		-master:bool=true -bound:bool=true -running:bool=true -inactive:bool=false disabled:bool=false comment:str`).hook(func(m *menu) { m.ver = "7.13" })
}

// monitorTraffic invents figures; with once it answers a single time.
func monitorTraffic(c *call) error {
	if err := c.only("interface", ".id", "numbers", "once", "interval"); err != nil {
		return err
	}
	var names []string
	refs, given := c.args["interface"]
	if !given {
		refs = or(c.args[".id"], c.args["numbers"])
	}
	for ref := range strings.SplitSeq(refs, ",") {
		x := c.t.find(ref)
		switch {
		case ref == "aggregate":
			names = append(names, ref)
		case x == nil:
			return noMatch("interface")
		default:
			names = append(names, x.f["name"])
		}
	}
	look := func() []out {
		var list []out
		for _, name := range names {
			o := out{word: "!re", attrs: []string{attr("name", name)}}
			for _, dir := range []string{"rx", "tx"} {
				packets := c.r.rand.Int64N(2000)
				o.attrs = append(o.attrs, attr(dir+"-packets-per-second", strconv.FormatInt(packets, 10)),
					attr(dir+"-bits-per-second", strconv.FormatInt(packets*8000, 10)), attr(dir+"-drops-per-second", "0"),
					attr(dir+"-errors-per-second", "0"))
			}
			list = append(list, o)
		}
		return list
	}
	if _, once := c.args["once"]; once {
		c.replies = look()
		return nil
	}
	d, ok := parseDur(or(c.args["interval"], "1s"))
	if !ok || d <= 0 {
		return fail("invalid value for argument interval")
	}
	c.every(d, look)
	return nil
}
