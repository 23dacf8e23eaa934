package routerossim

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// standard are the verbs every menu may have.
var standard map[string]verb

func init() {
	standard = map[string]verb{"print": printRows, "get": getValue, "find": findRows, "listen": listen, "add": addRow, "set": setRow,
		"remove": removeRow, "enable": enableRow, "disable": enableRow, "unset": unsetRow, "comment": setRow, "move": moveRow,
		"reset-counters": resetRow, "reset-html": accept}
}

var printArgs = []string{".proplist", "proplist", "count-only", "detail", "stats", "interval", "follow", "follow-only", "without-paging",
	"terse", "brief", "value-list", "as-value", "from", "show-ids", "once"}

// get returns all properties of a row as a print would show them.
func (r *Router) get(t *table, x *row) map[string]string {
	m := make(map[string]string, len(t.m.fields)+1)
	if !t.m.single {
		m[".id"] = x.id
	}
	for _, f := range t.m.fields {
		if f.hidden || !r.ver.has(f.ver) {
			continue
		}
		if v, ok := x.f[f.name]; ok {
			m[f.name] = v
		} else if f.hasDef && !f.silent {
			m[f.name] = f.def
		}
	}
	if t.m.live != nil {
		t.m.live(r, x, m)
	}
	for _, f := range t.m.fields {
		if v, ok := m[f.name]; ok && f.kind == "when" {
			if at, err := time.Parse(time.RFC3339, v); err == nil {
				m[f.name] = r.ver.dateTime(r.local(at))
			}
		}
		if _, ok := m[f.name]; ok && !r.ver.has(f.ver) {
			delete(m, f.name)
		}
	}
	return m
}

// render writes a row as attribute words in the menu's order.
func (r *Router) render(t *table, m map[string]string, proplist []string, secrets bool) []string {
	var out []string
	put := func(name string) {
		v, ok := m[name]
		if !ok || proplist != nil && !slices.Contains(proplist, name) {
			return
		}
		if f := t.m.byName[name]; f != nil && f.secret && !secrets && v != "" {
			if r.ver.major == 6 {
				return
			}
			v = "*****"
		}
		out = append(out, attr(name, v))
	}
	put(".id")
	for _, f := range t.m.fields {
		put(f.name)
	}
	return out
}

// printRows serves print and getall.
func printRows(c *call) error {
	allowed := printArgs
	if c.r.ver.atLeast(7, 21) && (c.path == "ip/hotspot/user" || c.path == "ip/hotspot/profile") {
		allowed = append(slices.Clone(allowed), "show-sensitive")
	}
	if _, active := c.args["active"]; active && c.path == "ip/dhcp-server/lease" {
		allowed = append(slices.Clone(allowed), "active")
		c.query = append(c.query, "status=bound") // exporters ask so
	}
	if err := c.only(allowed...); err != nil {
		return err
	}
	if every, ok := c.args["interval"]; ok {
		return c.repeat(every)
	}
	rows := c.rows()
	if _, ok := c.args["count-only"]; ok {
		c.ret = []string{attr("ret", strconv.Itoa(len(rows)))}
		return nil
	}
	c.replies = rows
	if _, ok := c.args["follow"]; ok {
		return c.watch()
	}
	if _, ok := c.args["follow-only"]; ok {
		c.replies = nil
		return c.watch()
	}
	if len(rows) == 0 && c.r.ver.emptyReply() {
		c.replies = []out{{word: "!empty"}}
	}
	return nil
}

// rows collects what a print shows; the caller holds the lock.
func (c *call) rows() []out {
	q := query{c.query, c.m, c.r}
	proplist, secrets := c.proplist(), c.seesSecrets()
	list := []out{}
	add := func(x *row) bool {
		m := c.r.get(c.t, x)
		if q.match(m) {
			list = append(list, out{"!re", c.r.render(c.t, m, proplist, secrets)})
		}
		return true
	}
	if from, ok := c.args["from"]; ok {
		for ref := range strings.SplitSeq(from, ",") {
			if x := c.t.find(ref); x != nil {
				add(x)
			}
		}
		return list
	}
	if name, ok := q.simpleName(); ok && c.m.byName["name"] != nil {
		for _, x := range c.t.byName[name] {
			add(x)
		}
		return list
	}
	c.t.each(add)
	return list
}

func (c *call) proplist() []string {
	if p := c.args[".proplist"] + c.args["proplist"]; p != "" {
		return strings.Split(p, ",")
	}
	return nil
}

func (c *call) seesSecrets() bool {
	_, asked := c.args["show-sensitive"]
	return c.r.may(c.account, "sensitive") && (asked || !c.r.o.HideSensitive || !c.r.ver.atLeast(7, 21))
}

// repeat prints again and again until cancelled.
func (c *call) repeat(every string) error {
	d, ok := parseDur(every)
	if !ok || d <= 0 {
		return fail("invalid value for argument interval")
	}
	c.every(d, func() []out { return c.rows() })
	return nil
}

// every streams what look returns under the lock, at once and then each d.
func (c *call) every(d time.Duration, look func() []out) {
	d = max(d, 10*time.Millisecond)
	c.stream = func(ctx context.Context) {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			c.r.mu.Lock()
			c.r.applyDue()
			list := look()
			c.r.mu.Unlock()
			for _, o := range list {
				c.s.write(o, c.tag)
			}
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}
}

// getValue serves get, with value-name one property.
func getValue(c *call) error {
	if err := c.only(".id", "number", "numbers", "value-name"); err != nil {
		return err
	}
	x, err := c.one()
	if err != nil {
		return err
	}
	m := c.r.get(c.t, x)
	if name := c.args["value-name"]; name != "" {
		if c.r.field(c.m, name) == nil {
			return noMatch("value-name")
		}
		if f := c.m.byName[name]; f.secret && !c.r.may(c.account, "sensitive") {
			m[name] = "*****"
		}
		c.ret = []string{attr("ret", m[name])}
		return nil
	}
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if f := c.m.byName[k]; f == nil || !f.secret || c.r.may(c.account, "sensitive") {
			pairs = append(pairs, k+"="+m[k])
		}
	}
	c.ret = []string{attr("ret", strings.Join(pairs, ";"))}
	return nil
}

// findRows answers every id: queries belong to print alone.
func findRows(c *call) error {
	if err := c.only(); err != nil {
		return err
	}
	var ids []string
	c.t.each(func(x *row) bool { ids = append(ids, x.id); return true })
	c.ret = []string{attr("ret", strings.Join(ids, ";"))}
	return nil
}

// one resolves the single item of get.
func (c *call) one() (*row, error) {
	if c.m.single {
		return c.t.order[0], nil
	}
	ref := or(c.args[".id"], or(c.args["numbers"], c.args["number"]))
	if x := c.t.find(ref); x != nil {
		return x, nil
	}
	return nil, c.r.noSuchItem()
}

// Rows returns the rows of a menu such as "ip/hotspot/user" as print shows
// them, secrets included: a copy. An unknown menu has none.
func (r *Router) Rows(path string) []map[string]string {
	path = strings.Trim(path, "/")
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tables[path]
	if t == nil || !r.exists(path) {
		return nil
	}
	r.applyDue()
	rows := make([]map[string]string, 0, t.len())
	t.each(func(x *row) bool { rows = append(rows, r.get(t, x)); return true })
	return rows
}
