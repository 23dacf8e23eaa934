package routerossim

func init() {
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
}
