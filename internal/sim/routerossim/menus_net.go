package routerossim

func init() {
	define("interface", "set enable disable comment listen", `name:str -default-name:str type:str=ether mtu:str=1500 -actual-mtu:num=1500
		l2mtu:num=1592 -mac-address:mac -last-link-up-time:when -link-downs:num=0 -rx-byte:num=0 -tx-byte:num=0 -rx-packet:num=0
		-tx-packet:num=0 -rx-error:num=0 -tx-error:num=0 -rx-drop:num=0 -tx-drop:num=0 -running:bool=true -dynamic:bool=false
		-slave:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.extra["monitor-traffic"] = monitorTraffic
		m.key, m.dup = []string{"name"}, "failure: already have interface with such name"
	})
	define("ip/pool", "add set remove comment listen", `!name:str !ranges:str next-pool:ref(ip/pool|none) comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: pool with such name exists"
	})
	define("ip/address", listVerbs, `!address:pfx -network:ip !interface:ref(interface) -actual-interface:str -invalid:bool=false
		-dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"address", "interface"}, "failure: already have such address"
		m.live = liveAddress
	})
	define("ip/service", "set enable disable listen", `-name:str port:num address:str= certificate:ref(certificate|none)=none tls-version:enum(any|only-1.2)=any
		vrf:str=main@7.2 max-sessions:num=20@7.16 -proto:str=tcp@7.17 -invalid:bool=false disabled:bool=false`).hook(func(m *menu) {
		m.after = func(r *Router, _ *row) { r.presentCertificate() }
	})
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
	define("ip/firewall/address-list", listVerbs, `!list:str !address:str timeout:dur -creation-time:when -dynamic:bool=false
		disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"list", "address"}, "failure: already have such entry"
		m.live = liveTimeout
		m.after, m.check = listTimeout, restartTimeout
	})
	define("queue/simple", listVerbs+" reset-counters", `!name:str target:str= dst:str parent:str=none packet-marks:str= priority:str=8/8
		queue:str=default-small/default-small limit-at:rates=0/0 max-limit:rates=0/0 burst-limit:rates=0/0
		burst-threshold:rates=0/0 burst-time:str=0s/0s bucket-size:str=0.1/0.1 time:str total-limit-at:num total-max-limit:num
		total-queue:str -bytes:str=0/0 -packets:str=0/0 -dropped:str=0/0 -rate:str=0/0 -packet-rate:str=0/0 -queued-bytes:str=0/0
		-queued-packets:str=0/0 -invalid:bool=false -dynamic:bool=false disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have such name"
	})
	define("ppp/profile", "add set remove unset comment listen", `!name:str local-address:str remote-address:str bridge:str
		rate-limit:rate session-timeout:dur idle-timeout:dur only-one:enum(default|yes|no)=default use-compression:enum(default|yes|no)=default
		use-encryption:enum(default|yes|no|required)=default change-tcp-mss:enum(default|yes|no)=yes address-list:str= dns-server:str
		on-up:str= on-down:str= -default:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup, m.gone = []string{"name"}, "failure: profile with the same name already exists", keepDefault
	})
	define("ppp/secret", listVerbs, `!name:str service:enum(any|async|l2tp|ovpn|pppoe|pptp|sstp)=any caller-id:str= *password:str=
		profile:ref(ppp/profile)=default local-address:ip remote-address:str routes:str= limit-bytes-in:num=0 limit-bytes-out:num=0
		-last-logged-out:when -last-caller-id:str -last-disconnect-reason:str disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name", "service"}, "failure: secret with the same name already exists"
	})
	define("ppp/active", viewVerbs, `-name:str -service:str -caller-id:str -address:ip -uptime:dur -encoding:str -session-id:str
		-limit-bytes-in:num -limit-bytes-out:num -radius:bool=false`).hook(func(m *menu) { m.memory = true })
	define("radius", listVerbs, `service:flags(ppp|login|hotspot|wireless|dhcp|ipsec|dot1x) called-id:str= domain:str= !address:str
		*secret:str= authentication-port:num=1812 accounting-port:num=1813 timeout:dur=300ms accounting-backup:bool=false realm:str=
		protocol:enum(udp|radsec)=udp certificate:str=none require-message-auth:enum(no|yes-for-request-resp)=yes-for-request-resp@7.15
		disabled:bool=false comment:str`)
	define("radius/incoming", "set", `accept:bool=false port:num=3799`).hook(func(m *menu) { m.single = true })
	define("tool/netwatch", listVerbs, `name:str !host:str type:enum(simple|icmp|tcp-conn|http-get|https-get|dns)=simple interval:dur=10s
		timeout:dur=3s up-script:str= down-script:str= test-script:str= -status:enum(up|down|unknown)=unknown -since:when
		-done-tests:num=0 -failed-tests:num=0 disabled:bool=false comment:str`)
}
