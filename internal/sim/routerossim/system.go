package routerossim

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // routers know their time zones everywhere
)

// local is a moment on the router's own, possibly wrong, clock.
func (r *Router) local(t time.Time) time.Time {
	t = t.Add(time.Duration(r.faults.WrongClockSeconds) * time.Second)
	if shift, err := time.ParseDuration(r.notes["shift"]); err == nil {
		t = t.Add(shift)
	}
	clock := r.tables["system/clock"]
	loc, err := time.LoadLocation(value(clock, clock.order[0], "time-zone-name"))
	if err != nil {
		loc = time.UTC
	}
	return t.In(loc)
}

func liveClock(r *Router, _ *row, get map[string]string) {
	now := r.local(r.now())
	get["date"], get["time"] = r.ver.date(now), now.Format("15:04:05")
	get["gmt-offset"] = now.Format("-07:00")
	get["dst-active"] = strconv.FormatBool(now.IsDST())
}

// setClock moves the clock instead of storing what was typed.
func setClock(r *Router, _ *row, change map[string]string) error {
	if zone, ok := change["time-zone-name"]; ok {
		if _, err := time.LoadLocation(zone); err != nil || zone == "" {
			return noMatch("time-zone-name")
		}
	}
	date, day := change["date"]
	clock, hour := change["time"]
	delete(change, "date")
	delete(change, "time")
	if !day && !hour {
		return nil
	}
	now := r.local(r.now())
	at, err := r.parseDate(or(date, r.ver.date(now)))
	if err != nil {
		return fail("invalid value for argument date")
	}
	if clock == "" {
		clock = now.Format("15:04:05")
	}
	d, ok := parseDur(clock)
	if !ok || d >= 24*time.Hour {
		return fail("invalid value for argument time")
	}
	want := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, now.Location()).Add(d)
	old, _ := time.ParseDuration(r.notes["shift"])
	r.setNote("shift", (old + want.Sub(now).Round(time.Second)).String())
	return nil
}

// parseDate accepts both styles whatever the version prints.
func (r *Router) parseDate(s string) (time.Time, error) {
	if t, err := time.Parse("2006-01-02", s); err == nil {
		return t, nil
	}
	return time.Parse("Jan/02/2006", s)
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

// reboot serves /system/reboot and /system/shutdown: the connection just
// drops. (A simulated router comes back from a shutdown too.)
func reboot(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	c.finish = c.s.cut
	c.r.reboot(c.r.faults.RebootMS)
	return nil
}

// reboot cuts every connection and forgets what routers keep in memory only.
func (r *Router) reboot(ms int) {
	if ms <= 0 {
		ms = 2000
	}
	for _, a := range r.tables[activePath].all() {
		r.endSession(a, causeRebooting)
	}
	for _, path := range menuOrder {
		t := r.tables[path]
		for _, x := range t.all() {
			if t.m.memory || x.f["dynamic"] == "true" {
				r.delete(t, x)
			}
		}
	}
	r.forgetPages()
	d := time.Duration(ms) * time.Millisecond
	r.bootReal, r.bootSim = time.Now().Add(d), r.now().Add(d)
	r.setNote("boot", r.bootSim.UTC().Format(time.RFC3339Nano))
	r.addLog("system,info", "router rebooted")
	r.cutAll()
}

// addLog appends to /log, kept in memory and short.
func (r *Router) addLog(topics, message string) {
	t := r.tables["log"]
	r.tables["system/logging"].each(func(rule *row) bool {
		if rule.f["prefix"] != "" && rule.f["disabled"] != "true" && covers(topics, rule.f["topics"]) {
			message = rule.f["prefix"] + ": " + message
			return false
		}
		return true
	})
	if t.len() >= 1000 {
		for _, x := range t.order {
			if !x.gone {
				r.delete(t, x)
				break
			}
		}
	}
	r.insert("log", "", map[string]string{"time": unix(r.now()), "topics": topics, "message": message})
}

func covers(topics, rule string) bool {
	for one := range strings.SplitSeq(rule, ",") {
		name, not := strings.CutPrefix(one, "!")
		if strings.Contains(","+topics+",", ","+name+",") == not {
			return false
		}
	}
	return true
}

// monitorTraffic invents figures; with once it answers a single time.
func monitorTraffic(c *call) error {
	if err := c.only("interface", ".id", "numbers", "once", "interval"); err != nil {
		return err
	}
	var names []string
	refs, given := c.args["interface"]
	if !given {
		refs = or(c.args[".id"], c.args["numbers"])
	}
	for ref := range strings.SplitSeq(refs, ",") {
		x := c.t.find(ref)
		switch {
		case ref == "aggregate":
			names = append(names, ref)
		case x == nil:
			return noMatch("interface")
		default:
			names = append(names, x.f["name"])
		}
	}
	look := func() []out {
		var list []out
		for _, name := range names {
			o := out{word: "!re", attrs: []string{attr("name", name)}}
			for _, dir := range []string{"rx", "tx"} {
				packets := c.r.rand.Int64N(2000)
				o.attrs = append(o.attrs, attr(dir+"-packets-per-second", strconv.FormatInt(packets, 10)),
					attr(dir+"-bits-per-second", strconv.FormatInt(packets*8000, 10)), attr(dir+"-drops-per-second", "0"),
					attr(dir+"-errors-per-second", "0"))
			}
			list = append(list, o)
		}
		return list
	}
	if _, once := c.args["once"]; once {
		c.replies = look()
		return nil
	}
	d, ok := parseDur(or(c.args["interval"], "1s"))
	if !ok || d <= 0 {
		return fail("invalid value for argument interval")
	}
	c.every(d, look)
	return nil
}

// PutFile writes a file as FTP would: any version, any size.
func (r *Router) PutFile(name, contents string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := map[string]string{"name": name, "contents": contents}
	if x := r.tables["file"].first("name", name); x != nil {
		r.change(r.tables["file"], x, f)
	} else {
		r.insert("file", "", f)
	}
	if err := r.journal.flush(); err != nil {
		r.log.Error("state is no longer kept", "error", err.Error())
	}
}

// Command runs one API sentence as the first account, past the wire and its
// faults: an operator's hand on the router.
func (r *Router) Command(words ...string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.applyDue()
	err := (&session{r: r, account: r.o.User, service: "local"}).parse(words).execute()
	if kept := r.journal.flush(); kept != nil {
		return kept
	}
	return err
}
