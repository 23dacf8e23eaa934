package routerossim

import "strconv"

func init() {
	define("system/device-mode", "", `-mode:str -activation-timeout:dur=5m -flagging-enabled:bool=true@7.17 -flagged:bool=false -scheduler:bool
		-socks:bool -fetch:bool -pptp:bool -l2tp:bool -bandwidth-test:bool -traffic-gen:bool -sniffer:bool -ipsec:bool -romon:bool
		-proxy:bool -hotspot:bool -smb:bool -email:bool -zerotier:bool -container:bool -allowed-versions:str@7.17
		-attempt-count:num=0`).hook(func(m *menu) { m.single, m.ver, m.live = true, "7.9", liveDeviceMode })
}

func liveDeviceMode(r *Router, _ *row, get map[string]string) {
	get["mode"] = "enterprise"
	if r.ver.atLeast(7, 17) {
		get["mode"] = "advanced"
	}
	off := []string{"container"}
	if r.faults.NoDeviceMode {
		get["mode"] = "home"
		off = append(off, "scheduler", "socks", "fetch", "bandwidth-test", "traffic-gen", "sniffer", "romon", "proxy", "hotspot", "email", "zerotier")
	}
	for _, f := range menus["system/device-mode"].fields {
		if f.kind == "bool" && !f.hasDef {
			get[f.name] = "true"
		}
	}
	for _, name := range off {
		get[name] = "false"
	}
	get["flagged"] = strconv.FormatBool(r.faults.Flagged)
}
