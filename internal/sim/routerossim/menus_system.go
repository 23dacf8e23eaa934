package routerossim

func init() {
	define("system/resource", "", `-uptime:dur -version:str -build-time:str -factory-software:str -free-memory:num -total-memory:num
		-cpu:str -cpu-count:num -cpu-frequency:num -cpu-load:num -free-hdd-space:num -total-hdd-space:num
		-write-sect-since-reboot:num -write-sect-total:num -bad-blocks:num -architecture-name:str -board-name:str
		-platform:str`).hook(func(m *menu) { m.single, m.live = true, liveResource })
	define("system/identity", "set", `name:str=MikroTik`).hook(func(m *menu) { m.single = true })
	define("system/routerboard", "", `-routerboard:bool=true -board-name:str@7.0 -model:str -revision:str -serial-number:str -firmware-type:str
		-factory-firmware:str -current-firmware:str -upgrade-firmware:str`).hook(func(m *menu) { m.single, m.live = true, liveBoard })
	define("system/clock", "set", `time:str date:str time-zone-autodetect:bool=true time-zone-name:str=Asia/Jakarta -gmt-offset:str
		-dst-active:bool=false`).hook(func(m *menu) {
		m.single, m.live, m.check = true, liveClock, setClock
	})
	define("system/license", "", `-software-id:str -nlevel:num -features:str= -level:str -system-id:str`).hook(func(m *menu) {
		m.single, m.live = true, liveLicense
	})
	define("system/device-mode", "", `-mode:str -activation-timeout:dur=5m -flagging-enabled:bool=true@7.17 -flagged:bool=false -scheduler:bool
		-socks:bool -fetch:bool -pptp:bool -l2tp:bool -bandwidth-test:bool -traffic-gen:bool -sniffer:bool -ipsec:bool -romon:bool
		-proxy:bool -hotspot:bool -smb:bool -email:bool -zerotier:bool -container:bool -allowed-versions:str@7.17
		-attempt-count:num=0`).hook(func(m *menu) { m.single, m.ver, m.live = true, "7.9", liveDeviceMode })
	define("system/scheduler", listVerbs, `!name:str start-date:date start-time:str=startup interval:dur=0s on-event:str= -owner:str
		policy:policy -run-count:num=0 -next-run:when disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: item with this name already exists"
		m.feature, m.live = "scheduler", liveScheduler
		m.check = stampScheduler
	})
	define("system/script", "add set remove comment unset listen", `!name:str owner:str policy:policy dont-require-permissions:bool=false
		-last-started:when -run-count:num=0 -invalid:bool=false source:str= comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: item with this name already exists"
		m.extra["run"] = runScript
	})
	define("system/logging", listVerbs, `topics:str=info prefix:str= regex:str=@7.18 action:ref(system/logging/action)=memory -invalid:bool=false
		-default:bool=false disabled:bool=false`)
	define("system/logging/action", "add set remove", `!name:str target:enum(disk|echo|email|memory|remote)=memory memory-lines:num=1000
		remote:str -default:bool=false`).hook(func(m *menu) {
		m.key, m.dup, m.gone = []string{"name"}, "failure: action with such name already exists", keepDefault
	})
	define("log", "listen", `-time:when -topics:str -message:str -buffer:str=memory@7.15 -extra-info:str=@7.15`).hook(func(m *menu) {
		m.memory, m.unlogged = true, true
	})
	define("user", listVerbs, `!name:str group:ref(user/group)=read address:str= *#password:str -last-logged-in:when
		inactivity-timeout:dur=10m@7.12 inactivity-policy:str=none@7.12 -expired:bool=false@7.1 disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: user with the same name already exists"
		m.policy = "policy"
	})
	define("user/group", "add set remove comment listen", `!name:str policy:policy skin:str=default comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: group with the same name already exists"
		m.policy = "policy"
	})
	define("file", "set remove listen", `name:str -type:str -size:num=0 -last-modified:when -creation-time:when@<7.10 contents:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: already have such file"
		m.check, m.live = fileCheck, liveFile
		m.extra["add"] = fileAdd
		m.extra["read"] = fileRead
	})
	define("certificate", "add set remove listen", `!name:str common-name:str country:str organization:str subject-alt-name:str
		key-size:str=2048 key-usage:str days-valid:num=365 trusted:bool=false digest-algorithm:str=sha256 -issuer:str -ca:str
		-fingerprint:str -serial-number:str -invalid-before:when -invalid-after:when -expires-after:dur -private-key:bool=false
		-authority:bool -expired:bool=false`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: certificate with the same name already exists"
		m.live = liveCertificate
		m.extra["sign"] = signCertificate
		m.after = func(r *Router, _ *row) { r.presentCertificate() }
	})
	// The root and these folders hold commands, not rows.
	define("", "", "").hook(func(m *menu) {
		m.extra["login"], m.extra["quit"], m.extra["cancel"] = login, quit, cancel
	})
	define("system", "", "").hook(func(m *menu) {
		m.extra["reboot"], m.extra["shutdown"] = reboot, reboot
	})
}
