package routerossim

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// all returns a copy of the rows, safe to delete from.
func (t *table) all() []*row {
	list := slices.Clone(t.order)
	return slices.DeleteFunc(list, func(x *row) bool { return x.gone })
}

// resetRow zeroes the counters of queues and walled garden rules.
func resetRow(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	return c.apply(rows, map[string]string{"hits": "", "bytes": "", "packets": ""})
}

func liveAddress(r *Router, x *row, get map[string]string) {
	if p, err := netip.ParsePrefix(x.f["address"]); err == nil {
		get["network"] = p.Masked().Addr().String()
	}
	get["actual-interface"] = x.f["interface"]
}

// listTimeout remembers when a timed address list entry will be gone.
func listTimeout(r *Router, x *row) {
	if x.gone || x.f["timeout"] == "" {
		delete(r.timed, x)
		return
	}
	if x.f["#until"] == "" {
		x.f["#until"], x.f["dynamic"] = unixMilli(r.now().Add(durOf(x.f["timeout"]))), "true"
	}
	r.timed[x] = struct{}{}
	r.wake(milli(x.f["#until"]))
}

// restartTimeout lets a new timeout count from now.
func restartTimeout(_ *Router, _ *row, change map[string]string) error {
	if _, ok := change["timeout"]; ok {
		change["#until"] = ""
	}
	return nil
}

func liveTimeout(r *Router, x *row, get map[string]string) {
	if until := x.f["#until"]; until != "" {
		get["timeout"] = formatDur(max(0, milli(until).Sub(r.now())).Truncate(time.Second))
	}
}

// leaseStatic keeps a dynamic lease.
func leaseStatic(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	return c.apply(rows, map[string]string{"dynamic": ""})
}

// stampScheduler fills in what the router knows: when it was made.
func stampScheduler(r *Router, x *row, change map[string]string) error {
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

// liveScheduler works out the next run; scripts themselves are never executed.
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

// runScript counts a run. The script language is not interpreted.
func runScript(c *call) error {
	if err := c.only(".id", "numbers", "number"); err != nil {
		return err
	}
	x, err := c.one()
	if err != nil {
		return err
	}
	c.r.change(c.t, x, map[string]string{"run-count": strconv.FormatInt(numOf(x.f["run-count"])+1, 10), "last-started": unix(c.r.now())})
	return nil
}

// fileLimit is how many bytes a file's contents may have in a command or a
// print: about 60 KiB since 7.14 (observed), 4 KiB before (inferred).
func (r *Router) fileLimit() int {
	if r.ver.atLeast(7, 14) {
		return 60 << 10
	}
	return 4 << 10
}

func fileCheck(r *Router, _ *row, change map[string]string) error {
	if len(change["contents"]) > r.fileLimit() {
		return fail(msgTooLong)
	}
	return nil
}

func liveFile(r *Router, x *row, get map[string]string) {
	if liveFolder(r, x, get) {
		return
	}
	if len(x.f["contents"]) > r.fileLimit() {
		delete(get, "contents")
	}
	get["type"] = ".txt file"
	if i := strings.LastIndexByte(x.f["name"], '.'); i >= 0 {
		get["type"] = x.f["name"][i:] + " file"
	}
	get["size"] = strconv.Itoa(len(x.f["contents"]))
	if get["last-modified"] == "" {
		get["last-modified"] = unix(r.noteTime("boot"))
	}
	get["creation-time"] = get["last-modified"]
}

// fileAdd exists since 7.9.
func fileAdd(c *call) error {
	if !c.r.ver.atLeast(7, 9) {
		return c.r.unknownVerb()
	}
	return addRow(c)
}

// fileRead returns a chunk of a file, since 7.13.
func fileRead(c *call) error {
	if !c.r.ver.atLeast(7, 13) {
		return c.r.unknownVerb()
	}
	if err := c.only("file", "offset", "chunk-size"); err != nil {
		return err
	}
	x := c.t.find(c.args["file"])
	if x == nil {
		return noMatch("file")
	}
	from, size := numOf(c.args["offset"]), int64(32768)
	if s, ok := c.args["chunk-size"]; ok {
		size = numOf(s)
	}
	if size < 1 || size > 32768 || from < 0 {
		return fail("value of chunk-size out of range (1..32768)")
	}
	data := x.f["contents"]
	from = min(from, int64(len(data)))
	c.replies = []out{{word: "!re", attrs: []string{attr("data", data[from:min(from+size, int64(len(data)))])}}}
	return nil
}
