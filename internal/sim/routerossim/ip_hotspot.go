package routerossim

import "fmt"

func init() {
	define("ip/hotspot", listVerbs+" reset-html", `!name:str !interface:ref(interface) address-pool:ref(ip/pool|none)=none
		profile:ref(ip/hotspot/profile)=default addresses-per-mac:str=2 idle-timeout:durnone=5m keepalive-timeout:durnone=none
		login-timeout:durnone=none disabled:bool=false -HTTPS:bool=false -invalid:bool=false -proxy-status:str=running
		-ip-of-dns-name:ip`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have hotspot with such name"
		m.feature = "hotspot"
		m.extra["reset-html"] = resetHTML
	})
	define("ip/hotspot/profile", "add set remove unset listen", `!name:str hotspot-address:ip=0.0.0.0 dns-name:str=
		html-directory:str=hotspot html-directory-override:str= rate-limit:rate http-proxy:str=0.0.0.0:0 smtp-server:ip=0.0.0.0
		login-by:flags(cookie|http-chap|http-pap|https|mac|mac-cookie|trial)=cookie,http-chap http-cookie-lifetime:dur=3d
		mac-auth-mode:enum(mac-as-username|mac-as-username-and-password) *mac-auth-password:str ssl-certificate:str
		split-user-domain:bool=false trial-uptime-limit:dur trial-uptime-reset:dur
		trial-user-profile:ref(ip/hotspot/user/profile) use-radius:bool=false radius-accounting:bool
		radius-interim-update:str nas-port-type:str radius-default-domain:str radius-location-id:str radius-location-name:str
		radius-mac-format:str install-hotspot-queue:bool=false https-redirect:bool=true@<7.5 -default:bool=false`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have profile with such name"
		m.feature, m.gone = "hotspot", keepDefault
	})
}

const counters = ` -bytes-in:num=0 -bytes-out:num=0 -packets-in:num=0 -packets-out:num=0`

const (
	userPath    = "ip/hotspot/user"
	profilePath = "ip/hotspot/user/profile"
	activePath  = "ip/hotspot/active"
	hostPath    = "ip/hotspot/host"
	cookiePath  = "ip/hotspot/cookie"
	bindingPath = "ip/hotspot/ip-binding"
)

// resetHTML serves /ip/hotspot/reset-html.
func resetHTML(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	profiles := c.r.tables["ip/hotspot/profile"]
	for _, x := range rows {
		if p := profiles.first("name", value(c.t, x, "profile")); p != nil {
			c.r.writeStock(trimDir(value(profiles, p, "html-directory")))
		}
	}
	return nil
}

func (r *Router) server(name string) (string, error) {
	var hit string
	r.tables["ip/hotspot"].each(func(x *row) bool {
		if x.f["disabled"] != "true" && (name == "" || x.f["name"] == name) {
			hit = x.f["name"]
		}
		return hit == ""
	})
	if hit == "" {
		return "", fmt.Errorf("routerossim: no enabled hotspot server %q", name)
	}
	return hit, nil
}

func (r *Router) loginBy(server string) string {
	t := r.tables["ip/hotspot/profile"]
	s := r.tables["ip/hotspot"].first("name", server)
	if s == nil {
		return ""
	}
	if p := t.first("name", value(r.tables["ip/hotspot"], s, "profile")); p != nil {
		return value(t, p, "login-by")
	}
	return ""
}
