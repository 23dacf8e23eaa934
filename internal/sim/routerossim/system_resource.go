package routerossim

import (
	"strconv"
	"time"
)

func init() {
	define("system/health", "", `name:str value:str type:str`)
	define("system/package", "enable disable", `-name:str -version:str -build-time:str -scheduled:str= -size:num disabled:bool=false`)
	define("system/resource", "", `-uptime:dur -version:str -build-time:str -factory-software:str -free-memory:num -total-memory:num
		-cpu:str -cpu-count:num -cpu-frequency:num -cpu-load:num -free-hdd-space:num -total-hdd-space:num
		-write-sect-since-reboot:num -write-sect-total:num -bad-blocks:num -architecture-name:str -board-name:str
		-platform:str`).hook(func(m *menu) { m.single, m.live = true, liveResource })
	define("system/identity", "set", `name:str=MikroTik`).hook(func(m *menu) { m.single = true })
	define("system/routerboard", "", `-routerboard:bool=true -board-name:str@7.0 -model:str -revision:str -serial-number:str -firmware-type:str
		-factory-firmware:str -current-firmware:str -upgrade-firmware:str`).hook(func(m *menu) { m.single, m.live = true, liveBoard })
	define("system/license", "", `-software-id:str -nlevel:num -features:str= -level:str -system-id:str`).hook(func(m *menu) {
		m.single, m.live = true, liveLicense
	})
}

const mib = 1 << 20

func liveResource(r *Router, _ *row, get map[string]string) {
	set := map[string]string{"uptime": formatDur(max(0, r.now().Sub(r.noteTime("boot"))).Truncate(time.Second)),
		"version": r.ver.text + " (stable)", "build-time": r.ver.dateTime(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)),
		"factory-software": "6.45", "free-memory": strconv.Itoa(3400 * mib), "total-memory": strconv.Itoa(4096 * mib),
		"cpu": "ARM64", "cpu-count": "4", "cpu-frequency": "1700", "cpu-load": "3", "free-hdd-space": strconv.Itoa(98 * mib),
		"total-hdd-space": strconv.Itoa(128 * mib), "write-sect-since-reboot": "1024", "write-sect-total": "90000",
		"bad-blocks": "0", "architecture-name": "arm64", "board-name": r.o.Board, "platform": "MikroTik"}
	if r.o.Board == "CHR" {
		set["board-name"], set["architecture-name"], set["cpu"] = "CHR QEMU Standard PC", "x86_64", "QEMU"
		delete(set, "factory-software")
	}
	for k, v := range set {
		get[k] = v
	}
}

func liveBoard(r *Router, _ *row, get map[string]string) {
	for k, v := range map[string]string{"board-name": r.o.Board, "model": r.o.Board, "revision": "r2", "serial-number": "HF1090SIM01",
		"firmware-type": "al64v3", "factory-firmware": "6.45", "current-firmware": r.ver.text, "upgrade-firmware": r.ver.text} {
		get[k] = v
	}
}

func liveLicense(r *Router, _ *row, get map[string]string) {
	if r.o.Board == "CHR" {
		delete(get, "features")
		get["level"], get["system-id"] = "free", "SIMULATED01"
		return
	}
	get["software-id"], get["nlevel"] = "SIMU-L8ED", strconv.Itoa(r.o.LicenseLevel)
}
