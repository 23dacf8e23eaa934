package routerossim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// mostRuns bounds how often a scheduler runs for one jump of the clock: after a longer one
// its runs lie further apart, the last of them at its own moment.
const mostRuns = 100

// scheduled is one run that is due.
type scheduled struct {
	at time.Time
	x  *row
}

// dueRuns lists the runs of schedulers up to now, the earliest first.
func (r *Router) dueRuns(now time.Time) []scheduled {
	from := r.schedulersDone
	if now.Sub(from) < time.Second {
		return nil
	}
	r.schedulersDone = now
	if r.faults.NoDeviceMode && r.ver.major >= 7 {
		return nil
	}
	var due []scheduled
	r.tables["system/scheduler"].each(func(x *row) bool {
		first, every, ok := r.nextRun(x, from)
		if !ok || first.After(now) {
			return true
		}
		n := 0
		if every > 0 {
			n = int(now.Sub(first) / every)
		}
		step := 1 + n/mostRuns
		for i := n % step; i <= n; i += step {
			due = append(due, scheduled{first.Add(time.Duration(i) * every), x})
		}
		return true
	})
	slices.SortStableFunc(due, func(a, b scheduled) int { return a.at.Compare(b.at) })
	return due
}

// nextRun is when a scheduler runs first after a moment, on the router's own clock, and how
// often from then on.
func (r *Router) nextRun(x *row, after time.Time) (at time.Time, every time.Duration, ok bool) {
	every = durOf(x.f["interval"])
	if x.f["disabled"] == "true" || x.f["on-event"] == "" || every > 0 && every < time.Second {
		return at, every, false
	}
	local := r.local(after)
	var begin time.Time
	if x.f["start-time"] == "startup" || x.f["start-time"] == "" {
		begin = r.local(r.noteTime("boot"))
	} else {
		day, err := r.parseDate(x.f["start-date"])
		if err != nil {
			return at, every, false // 7.24.0 to 7.24.4 do not run it
		}
		begin = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, local.Location()).Add(durOf(x.f["start-time"]))
	}
	if !begin.After(local) {
		if every <= 0 {
			return at, every, false
		}
		begin = begin.Add((local.Sub(begin)/every + 1) * every)
	}
	return after.Add(begin.Sub(local)), every, true
}

// runScheduled runs what a scheduler says, as its owner and with its policies. A text that
// names a script runs that.
func (r *Router) runScheduled(run scheduled) {
	x := run.x
	if x.gone || x.f["disabled"] == "true" || run.at.Before(r.bootSim) {
		return
	}
	x.f["run-count"] = strconv.FormatInt(numOf(x.f["run-count"])+1, 10) // not worth a line in the journal
	source := x.f["on-event"]
	if s := r.tables["system/script"].first("name", strings.TrimSpace(source)); s != nil {
		source = s.f["source"]
	}
	var granted []string
	if x.f["policy"] != "" {
		granted = strings.Split(x.f["policy"], ",")
	}
	err := r.runScript(source, &scriptRun{name: x.f["name"], owner: x.f["owner"], granted: granted})
	if err != nil {
		r.addLog("script,error", "executing script from scheduler ("+x.f["name"]+") failed, please check it manually: "+err.Error())
	}
}

// compiled is a script that was read once.
type compiled struct {
	run stmt
	err error
}

func (r *Router) runScript(source string, run *scriptRun) error {
	c, known := r.scripts[source]
	if !known {
		c.run, c.err = r.compile(source)
		if len(r.scripts) > 100 {
			clear(r.scripts)
		}
		r.scripts[source] = c
	}
	if c.err != nil {
		return c.err
	}
	return c.run(&scope{r: r, run: run})
}
