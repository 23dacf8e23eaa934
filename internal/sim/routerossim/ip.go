package routerossim

import "net/netip"

func init() {
	define("ip/pool", "add set remove comment listen", `!name:str !ranges:str next-pool:ref(ip/pool|none) comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: pool with such name exists"
	})
	define("ip/address", listVerbs, `!address:pfx -network:ip !interface:ref(interface) -actual-interface:str -invalid:bool=false
		-dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"address", "interface"}, "failure: already have such address"
		m.live = liveAddress
	})
	define("ip/dns/static", listVerbs, `name:str regexp:str type:str=A address:str cname:str ttl:dur=1d -dynamic:bool=false disabled:bool=false comment:str`)
	define("ip/arp", listVerbs, `address:ip mac-address:mac interface:str published:bool=false -status:str@7.5 -invalid:bool=false -DHCP:bool=false
		-dynamic:bool=true -complete:bool=true disabled:bool=false comment:str`)
	define("ip/route", listVerbs, `dst-address:pfx=0.0.0.0/0 gateway:str -immediate-gw:str@7.0 distance:num=1 scope:num=30 target-scope:num=10
		routing-table:str=main@7.0 -active:bool=true -dynamic:bool=false -static:bool=true -connect:bool=false disabled:bool=false comment:str`)
}

func liveAddress(r *Router, x *row, get map[string]string) {
	if p, err := netip.ParsePrefix(x.f["address"]); err == nil {
		get["network"] = p.Masked().Addr().String()
	}
	get["actual-interface"] = x.f["interface"]
}
