package routerossim

import (
	"fmt"
	"strconv"
	"time"
)

// seed gives a new router what a set-up hotspot router has.
func (r *Router) seed() {
	r.setNote("boot", r.now().UTC().Format(time.RFC3339Nano))
	r.ensureSingles()
	r.change(r.tables["system/identity"], r.tables["system/identity"].order[0], map[string]string{"name": r.o.Name})
	add := func(path string, pairs ...string) {
		f := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			f[pairs[i]] = pairs[i+1]
		}
		r.insert(path, "", f)
	}
	for i, name := range []string{"ether1", "ether2", "ether3", "ether4", "wlan1", "bridge"} {
		kind := map[string]string{"wlan1": "wlan", "bridge": "bridge"}[name]
		add("interface", "name", name, "default-name", name, "type", or(kind, "ether"), "mac-address",
			fmt.Sprintf("48:A9:8A:%02X:%02X:%02X", r.rand.UintN(256), r.rand.UintN(256), i), "last-link-up-time", unix(r.now()))
	}
	add("ip/address", "address", "10.5.50.1/24", "interface", "bridge", "comment", "hotspot network")
	add("ip/pool", "name", "hs-pool-1", "ranges", "10.5.50.2-10.5.50.254")
	for _, s := range []struct {
		name string
		port int
		off  string
	}{{"telnet", 23, "true"}, {"ftp", 21, "true"}, {"www", 80, ""}, {"ssh", 22, ""}, {"www-ssl", 443, "true"}, {"api", 8728, ""},
		{"winbox", 8291, ""}, {"api-ssl", 8729, ""}} {
		add("ip/service", "name", s.name, "port", strconv.Itoa(s.port))
		if s.off != "" {
			t := r.tables["ip/service"]
			r.change(t, t.first("name", s.name), map[string]string{"disabled": s.off})
		}
	}
	add("ip/hotspot/profile", "name", "default", "default", "true")
	add("ip/hotspot/profile", "name", "hsprof1", "hotspot-address", "10.5.50.1", "dns-name", "login.hotspot")
	add(profilePath, "name", "default", "default", "true")
	add("ip/hotspot", "name", "hotspot1", "interface", "bridge", "address-pool", "hs-pool-1", "profile", "hsprof1")
	add(userPath, "name", "default-trial", "default", "true", "comment", "counters and limits for trial users")
	add("ppp/profile", "name", "default", "default", "true")
	add("ppp/profile", "name", "default-encryption", "use-encryption", "yes", "default", "true")
	for _, name := range []string{"memory", "disk", "echo", "remote"} {
		add("system/logging/action", "name", name, "target", name, "default", "true")
	}
	for _, topic := range []string{"info", "error", "warning"} {
		add("system/logging", "topics", topic, "default", "true")
	}
	add("system/logging", "topics", "critical", "action", "echo", "default", "true")
	r.seedGroups()
	r.seedPages()
	r.seedRead(add)
}

// ensureSingles gives menus without rows their one record.
func (r *Router) ensureSingles() {
	for _, path := range menuOrder {
		if menus[path].single && r.tables[path].len() == 0 {
			r.insert(path, "*0", map[string]string{})
		}
	}
}

func (r *Router) seedGroups() {
	most := "local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon"
	if r.ver.major == 7 {
		most += ",rest-api"
	}
	for _, g := range [][2]string{{"read", most}, {"write", most + ",write"}, {"full", most + ",write,ftp,policy"}} {
		policy, err := r.convertPolicy(menus["user/group"].byName["policy"], g[1])
		if err != nil {
			panic("routerossim: built-in group: " + err.Error())
		}
		r.insert("user/group", "", map[string]string{"name": g[0], "policy": policy})
	}
}

// ensureAccount makes Options' account exist with its present password.
func (r *Router) ensureAccount() {
	x := r.tables["user"].first("name", r.o.User)
	if x == nil {
		r.putAccount(r.o.User, r.o.Password, "full")
		r.change(r.tables["user"], r.tables["user"].first("name", r.o.User), map[string]string{"comment": "system default user"})
		return
	}
	if x.f["password"] != r.o.Password {
		r.change(r.tables["user"], x, map[string]string{"password": r.o.Password})
	}
}

// seedRead fills the menus that exporters and other tools read as a set-up
// hotspot router has them; nothing of the hotspot hangs on them.
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
