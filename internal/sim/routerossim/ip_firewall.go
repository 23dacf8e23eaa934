package routerossim

import "time"

func init() {
	define("ip/firewall/address-list", listVerbs, `!list:str !address:str timeout:dur -creation-time:when -dynamic:bool=false
		disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"list", "address"}, "failure: already have such entry"
		m.live = liveTimeout
		m.after, m.check = listTimeout, restartTimeout
	})
	const rule = ` chain:str=forward action:str=accept src-address:str dst-address:str protocol:str src-port:str dst-port:str in-interface:str
		out-interface:str connection-state:str src-address-list:str dst-address-list:str log:bool=false log-prefix:str= hotspot:str
		-bytes:num=0 -packets:num=0 -invalid:bool=false -dynamic:bool=false disabled:bool=false comment:str`
	for _, path := range []string{"ip/firewall/filter", "ip/firewall/nat"} {
		define(path, listVerbs+" reset-counters", rule+map[string]string{"ip/firewall/nat": " to-addresses:str to-ports:str"}[path])
	}
}

// listTimeout remembers when a timed address list entry will be gone.
func listTimeout(r *Router, x *row) {
	if x.gone || x.f["timeout"] == "" {
		delete(r.timed, x)
		return
	}
	if x.f["#until"] == "" {
		x.f["#until"], x.f["dynamic"] = unixMilli(r.now().Add(durOf(x.f["timeout"]))), "true"
	}
	r.timed[x] = struct{}{}
	r.wake(milli(x.f["#until"]))
}

// restartTimeout lets a new timeout count from now.
func restartTimeout(_ *Router, _ *row, change map[string]string) error {
	if _, ok := change["timeout"]; ok {
		change["#until"] = ""
	}
	return nil
}

func liveTimeout(r *Router, x *row, get map[string]string) {
	if until := x.f["#until"]; until != "" {
		get["timeout"] = formatDur(max(0, milli(until).Sub(r.now())).Truncate(time.Second))
	}
}
