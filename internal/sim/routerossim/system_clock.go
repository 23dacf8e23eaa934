package routerossim

import (
	"strconv"
	"time"
	_ "time/tzdata" // routers know their time zones everywhere
)

func init() {
	define("system/clock", "set", `time:str date:str time-zone-autodetect:bool=true time-zone-name:str=Asia/Jakarta -gmt-offset:str
		-dst-active:bool=false`).hook(func(m *menu) {
		m.single, m.live, m.check = true, liveClock, setClock
	})
}

// local is a moment on the router's own, possibly wrong, clock.
func (r *Router) local(t time.Time) time.Time {
	t = t.Add(time.Duration(r.faults.WrongClockSeconds) * time.Second)
	if shift, err := time.ParseDuration(r.notes["shift"]); err == nil {
		t = t.Add(shift)
	}
	clock := r.tables["system/clock"]
	name := value(clock, clock.order[0], "time-zone-name")
	if r.zone == nil || r.zone.String() != name {
		loc, err := time.LoadLocation(name)
		if err != nil {
			return t.UTC()
		}
		r.zone = loc
	}
	return t.In(r.zone)
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
