package routerossim

import (
	"strings"
	"time"
)

func init() {
	define("system/scheduler", listVerbs, `!name:str start-date:date start-time:str=startup interval:dur=0s on-event:str= -owner:str
		policy:policy -run-count:num=0 -next-run:when disabled:bool=false comment:str`).hook(func(m *menu) {
		m.key, m.dup = []string{"name"}, "failure: item with this name already exists"
		m.feature, m.live = "scheduler", liveScheduler
		m.check = stampScheduler
	})
}

// stampScheduler fills in what the router knows: when it was made.
func stampScheduler(r *Router, x *row, change map[string]string) error {
	for p := range strings.SplitSeq(change["policy"], ",") { // an owner gives no right that it has not
		if x == nil && p != "" && p[0] != '!' && !r.may(change["owner"], p) {
			return fail(msgNoPermission)
		}
	}
	if s, ok := change["start-date"]; ok && s != "" {
		d, err := r.parseDate(s)
		if err != nil {
			return fail("invalid value for argument start-date")
		}
		change["start-date"] = r.ver.date(d)
	} else if x == nil && !r.ver.datelessSchedulers() {
		change["start-date"] = r.ver.date(r.local(r.now()))
	}
	if s := change["start-time"]; s != "" && s != "startup" {
		d, ok := parseDur(s)
		if !ok || d >= 24*time.Hour {
			return fail("invalid value for argument start-time")
		}
		change["start-time"] = time.Time{}.Add(d).Format("15:04:05")
	} else if x == nil && s == "" {
		change["start-time"] = r.local(r.now()).Format("15:04:05")
	}
	return nil
}

// liveScheduler works out the next run.
func liveScheduler(r *Router, x *row, get map[string]string) {
	every := durOf(x.f["interval"])
	day, err := r.parseDate(x.f["start-date"])
	if err != nil || x.f["disabled"] == "true" || x.f["start-time"] == "startup" {
		return
	}
	now := r.local(r.now())
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, now.Location()).Add(durOf(x.f["start-time"]))
	if !at.After(now) {
		if every <= 0 {
			return
		}
		at = at.Add((now.Sub(at)/every + 1) * every)
	}
	get["next-run"] = r.ver.dateTime(at)
}
