package routerossim

import (
	"fmt"
	"strconv"
)

// Menus that exporters and other tools read; nothing of the hotspot hangs on
// them.
func init() {
	const rule = ` chain:str=forward action:str=accept src-address:str dst-address:str protocol:str src-port:str dst-port:str in-interface:str
		out-interface:str connection-state:str src-address-list:str dst-address-list:str log:bool=false log-prefix:str= hotspot:str
		-bytes:num=0 -packets:num=0 -invalid:bool=false -dynamic:bool=false disabled:bool=false comment:str`
	for _, path := range []string{"ip/firewall/filter", "ip/firewall/nat"} {
		define(path, listVerbs+" reset-counters", rule+map[string]string{"ip/firewall/nat": " to-addresses:str to-ports:str"}[path])
	}
	define("ip/dns/static", listVerbs, `name:str regexp:str type:str=A address:str cname:str ttl:dur=1d -dynamic:bool=false disabled:bool=false comment:str`)
	define("ip/arp", listVerbs, `address:ip mac-address:mac interface:str published:bool=false -status:str@7.5 -invalid:bool=false -DHCP:bool=false
		-dynamic:bool=true -complete:bool=true disabled:bool=false comment:str`)
	define("ip/route", listVerbs, `dst-address:pfx=0.0.0.0/0 gateway:str -immediate-gw:str@7.0 distance:num=1 scope:num=30 target-scope:num=10
		routing-table:str=main@7.0 -active:bool=true -dynamic:bool=false -static:bool=true -connect:bool=false disabled:bool=false comment:str`)
	define("interface/ethernet", "set enable disable comment listen", `name:str -default-name:str mtu:num=1500 l2mtu:num=1592 -mac-address:mac
		arp:str=enabled auto-negotiation:bool=true speed:str=1Gbps full-duplex:bool=true -running:bool=true -slave:bool=false
		-rx-bytes:num=0 -tx-bytes:num=0 disabled:bool=false comment:str`)
	define("interface/bridge", listVerbs, `name:str mtu:str=auto -actual-mtu:num=1500 l2mtu:num=1592 arp:str=enabled -mac-address:mac
		protocol-mode:str=rstp vlan-filtering:bool=false -running:bool=true -dynamic:bool=false disabled:bool=false comment:str`)
	define("interface/bridge/port", listVerbs, `interface:str bridge:str pvid:num=1 priority:str=0x80 path-cost:str=10 horizon:str=none
		-status:str=in-bridge -inactive:bool=false -dynamic:bool=false disabled:bool=false comment:str`)
	define("interface/wifi", listVerbs, `name:str -default-name:str -mac-address:mac configuration.ssid:str configuration.mode:str=ap
		-master:bool=true -bound:bool=true -running:bool=true -inactive:bool=false disabled:bool=false comment:str`).hook(func(m *menu) { m.ver = "7.13" })
	define("system/health", "", `name:str value:str type:str`)
	define("system/package", "enable disable", `-name:str -version:str -build-time:str -scheduled:str= -size:num disabled:bool=false`)
	define("user/active", viewVerbs, `-when:when -name:str -address:str -via:str -group:str -radius:bool=false`).hook(func(m *menu) { m.memory = true })
}

// seedRead fills them as a set-up hotspot router has them.
func (r *Router) seedRead(add func(path string, pairs ...string)) {
	mac := func(i int) string { return fmt.Sprintf("48:A9:8A:00:00:%02X", i) }
	add("ip/firewall/filter", "chain", "forward", "action", "passthrough", "comment", "place hotspot rules here", "disabled", "true")
	add("ip/firewall/filter", "chain", "input", "action", "accept", "connection-state", "established,related,untracked")
	add("ip/firewall/nat", "chain", "srcnat", "action", "masquerade", "out-interface", "ether1", "comment", "masquerade hotspot network")
	add("ip/dns/static", "name", "login.hotspot", "address", "10.5.50.1")
	add("ip/arp", "address", "192.168.88.1", "mac-address", mac(0xA1), "interface", "ether1")
	add("ip/route", "gateway", "192.168.88.1")
	add("ip/route", "dst-address", "10.5.50.0/24", "gateway", "bridge", "distance", "0", "dynamic", "true", "static", "false", "connect", "true")
	for i := 1; i <= 4; i++ {
		name := "ether" + strconv.Itoa(i)
		add("interface/ethernet", "name", name, "default-name", name, "mac-address", mac(i))
		if i > 1 {
			add("interface/bridge/port", "interface", name, "bridge", "bridge")
		}
	}
	add("interface/bridge", "name", "bridge", "mac-address", mac(5))
	if r.ver.atLeast(7, 13) {
		add("interface/wifi", "name", "wifi1", "default-name", "wifi1", "mac-address", mac(6), "configuration.ssid", r.o.Name)
	}
	add("system/health", "name", "temperature", "value", "41", "type", "C")
	add("system/health", "name", "voltage", "value", "24.1", "type", "V")
	add("system/package", "name", "routeros", "version", r.ver.text)
	add("user/active", "name", r.o.User, "address", "127.0.0.1", "via", "api", "group", "full", "when", unix(r.now()))
}
