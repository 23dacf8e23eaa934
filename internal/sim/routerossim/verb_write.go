package routerossim

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// errHandled says that a menu removed the row itself.
var errHandled = errors.New("handled")

// settable converts the arguments of add and set. Names in skip are the
// verb's own.
func (c *call) settable(skip ...string) (map[string]string, error) {
	change := map[string]string{}
	for _, name := range c.order {
		if slices.Contains(skip, name) {
			continue
		}
		f := c.r.field(c.m, name)
		if f == nil || f.readonly || c.verb == "comment" && name != "comment" {
			return nil, c.r.unknownParameter(name)
		}
		v, err := c.r.convert(f, c.args[name])
		if err != nil {
			return nil, err
		}
		change[name] = v
	}
	return change, nil
}

func addRow(c *call) error {
	r := c.r
	f, err := c.settable("copy-from", "place-before")
	if err != nil {
		return err
	}
	if ref, ok := c.args["copy-from"]; ok {
		x := c.t.find(ref)
		if x == nil {
			return r.noSuchItem()
		}
		for k, v := range x.f {
			if fd := c.m.byName[k]; fd != nil && !fd.readonly {
				if _, given := f[k]; !given {
					f[k] = v
				}
			}
		}
	}
	maps.DeleteFunc(f, func(_, v string) bool { return v == "" })
	for _, fd := range c.m.fields {
		if fd.required && f[fd.name] == "" {
			return fail("missing value(s) of argument(s) " + fd.name)
		}
	}
	if c.m.byName["owner"] != nil && f["owner"] == "" {
		f["owner"] = c.account
	}
	if c.m.check != nil {
		if err = c.m.check(r, nil, f); err != nil {
			return err
		}
	}
	if err = r.unique(c.t, nil, f); err != nil {
		return err
	}
	before, placed := c.args["place-before"]
	if placed && c.t.find(before) == nil {
		return r.noSuchItem()
	}
	x := r.insert(c.path, "", f)
	if placed {
		c.t.place(x, c.t.find(before))
		r.journal.seq(c.t)
	}
	c.ret = []string{attr("ret", x.id)}
	return nil
}

// unique refuses a second row with the same key; x is the row being set.
func (r *Router) unique(t *table, x *row, change map[string]string) error {
	if len(t.m.key) == 0 {
		return nil
	}
	want := func(k string) string {
		if v, ok := change[k]; ok && v != "" {
			return v
		}
		if x != nil && change[k] == "" {
			if _, unset := change[k]; !unset {
				return value(t, x, k)
			}
		}
		return value(t, &row{}, k)
	}
	clash := func(y *row) bool {
		if y == x || y.gone {
			return false
		}
		for _, k := range t.m.key {
			if value(t, y, k) != want(k) {
				return false
			}
		}
		return true
	}
	found := false
	if t.m.key[0] == "name" {
		found = slices.ContainsFunc(t.byName[want("name")], clash)
	} else {
		t.each(func(y *row) bool { found = clash(y); return !found })
	}
	if found {
		return fail(t.m.dup)
	}
	return nil
}

// targets resolves .id or numbers: ids and names, separated by commas. An
// empty list is no error, clients send it when a search found nothing.
func (c *call) targets() ([]*row, error) {
	if c.m.single {
		return []*row{c.t.order[0]}, nil
	}
	refs, ok := c.args[".id"]
	if !ok {
		refs, ok = c.args["numbers"]
	}
	if !ok {
		return nil, fail("missing value(s) of argument(s) numbers")
	}
	var rows []*row
	for ref := range strings.SplitSeq(refs, ",") {
		if ref == "" {
			continue
		}
		x := c.t.find(ref)
		if x == nil {
			return nil, c.r.noSuchItem()
		}
		if !slices.Contains(rows, x) {
			rows = append(rows, x)
		}
	}
	return rows, nil
}

func setRow(c *call) error {
	change, err := c.settable(".id", "numbers")
	if err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	return c.apply(rows, change)
}

// apply checks every row before it changes the first.
func (c *call) apply(rows []*row, change map[string]string) error {
	for _, x := range rows {
		if c.m.check != nil {
			if err := c.m.check(c.r, x, change); err != nil {
				return err
			}
		}
		if err := c.r.unique(c.t, x, change); err != nil {
			return err
		}
	}
	for _, x := range rows {
		c.r.change(c.t, x, change)
	}
	return nil
}

func removeRow(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	for _, x := range rows {
		if c.m.gone != nil {
			if err = c.m.gone(c.r, x); errors.Is(err, errHandled) {
				continue
			}
			if err != nil {
				return err
			}
		}
		c.r.delete(c.t, x)
	}
	return nil
}

func enableRow(c *call) error {
	if err := c.only(".id", "numbers"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	state := map[string]string{"disabled": ""}
	if c.verb == "disable" {
		state["disabled"] = "true"
	}
	return c.apply(rows, state)
}

func unsetRow(c *call) error {
	if err := c.only(".id", "numbers", "value-name"); err != nil {
		return err
	}
	f := c.r.field(c.m, c.args["value-name"])
	if f == nil || f.readonly || f.required {
		return noMatch("value-name")
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	return c.apply(rows, map[string]string{f.name: ""})
}

func moveRow(c *call) error {
	if err := c.only(".id", "numbers", "destination"); err != nil {
		return err
	}
	rows, err := c.targets()
	if err != nil {
		return err
	}
	var before *row
	if d := c.args["destination"]; d != "" {
		if before = c.t.find(d); before == nil {
			return c.r.noSuchItem()
		}
	}
	for _, x := range rows {
		c.t.place(x, before)
	}
	c.r.journal.seq(c.t)
	return nil
}

// accept does nothing successfully.
func accept(*call) error { return nil }

// keepDefault guards the rows a router cannot lose.
func keepDefault(_ *Router, x *row) error {
	if x.f["default"] == "true" {
		return fail("failure: can not remove default item")
	}
	return nil
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
