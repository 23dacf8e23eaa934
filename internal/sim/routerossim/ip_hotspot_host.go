package routerossim

import "strconv"

func init() {
	define("ip/hotspot/host", viewVerbs, `-mac-address:mac -address:ip -to-address:ip -server:str -uptime:dur=0s -idle-time:dur=0s
		-idle-timeout:durnone -keepalive-timeout:durnone -host-dead-time:dur=0s -bridge-port:str -found-by:str -http-proxy:bool`+counters+`
		-static:bool=false -DHCP:bool=false -dynamic:bool=true -authorized:bool=false -bypassed:bool=false -comment:str`).hook(func(m *menu) {
		m.memory, m.live = true, liveHost
		m.gone = func(r *Router, x *row) error {
			r.dropHost(x, causeAdmin)
			return errHandled
		}
		m.extra["make-binding"] = makeBinding
	})
}

func liveHost(r *Router, x *row, get map[string]string) {
	now := r.now()
	get["uptime"] = sinceText(now, x.f["#start"])
	get["idle-time"] = sinceText(now, x.f["#seen"])
	if b := r.binding(x); b != nil {
		get["bypassed"] = strconv.FormatBool(b.f["type"] == "bypassed")
		if v := b.f["comment"]; v != "" {
			get["comment"] = v
		}
	}
}
