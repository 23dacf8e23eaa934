package routerossim

func init() {
	define("ip/dhcp-server", listVerbs, `!name:str !interface:ref(interface) address-pool:ref(ip/pool|static-only)=static-only lease-time:dur=10m
		dhcp-option-set:str= server-address:ip lease-script:str= -dynamic:bool=false -invalid:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: dhcp server with such name already exists"
	})
	define("ip/dhcp-server/network", "add set remove comment unset listen", `!address:pfx gateway:str= dns-server:str= domain:str= ntp-server:str=
		dhcp-option:str= dhcp-option-set:str= -dynamic:bool=false comment:str`)
	define("ip/dhcp-server/option", "add set remove comment listen", `!name:str !code:num !value:str force:bool=false@7.4 -raw-value:str comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: option with such name already exists"
	})
	define("ip/dhcp-server/lease", listVerbs+" make-static", `address:ip mac-address:mac client-id:str address-lists:str= server:str
		dhcp-option:str= -status:str=waiting -expires-after:dur -last-seen:dur=0s -active-address:ip -active-mac-address:mac
		-active-client-id:str -active-server:str -host-name:str -radius:bool=false -dynamic:bool=false -blocked:bool=false
		disabled:bool=false comment:str`).hook(func(m *menu) {
		m.extra["make-static"] = leaseStatic
	})
}

// leaseStatic keeps a dynamic lease.
func leaseStatic(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	return c.apply(rows, map[string]string{"dynamic": ""})
}

func (r *Router) lease(mac, ip, name string) {
	t := r.tables["ip/dhcp-server/lease"]
	f := map[string]string{"address": ip, "mac-address": mac, "server": "dhcp1", "status": "bound", "active-address": ip,
		"active-mac-address": mac, "active-server": "dhcp1", "host-name": name, "expires-after": "1h"}
	if x := t.first("mac-address", mac); x != nil {
		r.change(t, x, f)
		return
	}
	f["dynamic"] = "true"
	if name == "" {
		delete(f, "host-name")
	}
	r.insert(t.m.path, "", f)
}
