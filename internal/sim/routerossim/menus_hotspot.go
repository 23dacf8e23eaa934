package routerossim

// Argument sets follow the machine dumps of RouterOS 7.9 to 7.24 (tikoci/restraml);
// which of them print when unset follows rows recorded by the Terraform provider.

const counters = ` -bytes-in:num=0 -bytes-out:num=0 -packets-in:num=0 -packets-out:num=0`

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

	define("ip/hotspot/user", "add set remove enable disable unset comment listen", `~server:ref(ip/hotspot|all)=all !name:str
		*password:str address:ip mac-address:mac profile:ref(ip/hotspot/user/profile)=default routes:str email:str
		*totp-secret:str@7.21 *otp-secret:str@7.22 limit-uptime:dur limit-bytes-in:num limit-bytes-out:num limit-bytes-total:num
		-uptime:dur=0s`+counters+` -default:bool -dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name", "server"}, "failure: already have user with this name for this server"
		m.feature, m.gone = "hotspot", keepDefault
		m.live = liveUser
		m.after = func(r *Router, x *row) { // a limit may have come nearer
			for _, a := range r.online[x.id] {
				r.wakeFor(a)
				break
			}
		}
		m.extra["reset-counters"] = resetCounters
	})

	define("ip/hotspot/user/profile", "add set remove unset listen", `!name:str address-pool:ref(ip/pool|none) session-timeout:dur
		idle-timeout:durnone=none keepalive-timeout:durnone=2m status-autorefresh:durnone=1m shared-users:users=1
		add-mac-cookie:bool=true mac-cookie-timeout:dur=3d rate-limit:rate parent-queue:str queue-type:str insert-queue-before:str
		address-list:str= incoming-filter:str outgoing-filter:str incoming-packet-mark:str outgoing-packet-mark:str
		transparent-proxy:bool=false on-login:str on-logout:str open-status-page:enum(always|http-login)=always
		advertise:bool=false advertise-url:str advertise-interval:str advertise-timeout:str -default:bool=false`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have profile with such name"
		m.feature, m.gone = "hotspot", keepDefault
	})

	define("ip/hotspot/active", viewVerbs, `-server:str -user:str -domain:str -address:ip -mac-address:mac -login-by:str
		-uptime:dur=0s -session-time-left:dur -idle-time:dur=0s -idle-timeout:durnone -keepalive-timeout:durnone`+counters+`
		-limit-bytes-in:num -limit-bytes-out:num -limit-bytes-total:num -radius:bool=false -blocked:bool=false -comment:str`).hook(func(m *menu) {
		m.memory, m.live, m.feature = true, liveActive, "hotspot"
		m.gone = func(r *Router, x *row) error {
			r.endSession(x, causeAdmin)
			return errHandled
		}
		m.extra["login"] = activeLogin
	})

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

	define("ip/hotspot/cookie", viewVerbs, `-user:str -domain:str -mac-address:mac -expires-in:dur -mac-cookie:bool=false`).hook(func(m *menu) {
		m.live = liveCookie
	})

	define("ip/hotspot/ip-binding", listVerbs, `mac-address:mac address:str to-address:str ~server:ref(ip/hotspot|all)=all
		~type:enum(regular|bypassed|blocked)=regular -blocked:bool=false -bypassed:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.live = func(_ *Router, x *row, get map[string]string) {
			if t := x.f["type"]; t == "bypassed" || t == "blocked" {
				get[t], get["type"] = "true", t
			}
		}
		m.feature = "hotspot"
	})

	define("ip/hotspot/walled-garden", listVerbs+" reset-counters", `action:enum(allow|deny)=allow server:ref(ip/hotspot|all)
		src-address:str method:str dst-host:str dst-port:str path:str -dst-address:str -hits:num=0 -dynamic:bool=false
		disabled:bool=false comment:str`).hook(func(m *menu) { m.feature = "hotspot" })

	define("ip/hotspot/walled-garden/ip", listVerbs, `action:enum(accept|drop|reject)=accept server:ref(ip/hotspot|all)
		src-address:pfx src-address-list:str dst-address:pfx dst-address-list:str dst-host:str dst-port:oneport protocol:str
		-invalid:bool=false -dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) { m.feature = "hotspot" })
}
