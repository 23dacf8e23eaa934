package routerossim

import (
	"slices"
	"strconv"
	"strings"
)

// row holds what was set. Keys beginning with "#" are the engine's own notes
// and never printed.
type row struct {
	id   string
	f    map[string]string
	gone bool
}

// table keeps the rows of a menu in order, findable by id and by name.
type table struct {
	m      *menu
	order  []*row
	dead   int // gone rows still in order
	byID   map[string]*row
	byName map[string][]*row
	next   uint64 // ids are never used again, not even after a restart
}

func newTable(m *menu) *table {
	return &table{m: m, byID: map[string]*row{}, byName: map[string][]*row{}, next: 1}
}

// each visits the rows in order until f says no.
func (t *table) each(f func(x *row) bool) {
	for _, x := range t.order {
		if !x.gone && !f(x) {
			return
		}
	}
}

func (t *table) len() int { return len(t.byID) }

func (t *table) insert(x *row) {
	t.order = append(t.order, x)
	t.byID[x.id] = x
	t.index(x.f["name"], x)
	if n, err := strconv.ParseUint(strings.TrimPrefix(x.id, "*"), 16, 64); err == nil && n >= t.next && t.m.path != activePath {
		t.next = n + 1
	}
}

func (t *table) index(name string, x *row) {
	if name != "" {
		t.byName[name] = append(t.byName[name], x)
	}
}

func (t *table) unindex(name string, x *row) {
	list := slices.DeleteFunc(t.byName[name], func(y *row) bool { return y == x })
	if len(list) == 0 {
		delete(t.byName, name)
	} else {
		t.byName[name] = list
	}
}

// drop marks a row gone; the order is tidied once half of it is dead.
func (t *table) drop(x *row) {
	x.gone = true
	delete(t.byID, x.id)
	t.unindex(x.f["name"], x)
	if t.dead++; t.dead > 64 && t.dead > len(t.order)/2 {
		t.order = slices.DeleteFunc(t.order, func(y *row) bool { return y.gone })
		t.dead = 0
	}
}

// find accepts an id or a unique name.
func (t *table) find(ref string) *row {
	if strings.HasPrefix(ref, "*") {
		if x := t.byID["*"+strings.ToUpper(ref[1:])]; x != nil {
			return x
		}
	}
	if list := t.byName[ref]; len(list) == 1 {
		return list[0]
	}
	return nil
}

// first returns the first row whose field has the value.
func (t *table) first(name, value string) *row {
	if name == "name" {
		if list := t.byName[value]; len(list) > 0 {
			return list[0]
		}
		return nil
	}
	var hit *row
	t.each(func(x *row) bool {
		if x.f[name] == value {
			hit = x
		}
		return hit == nil
	})
	return hit
}

// insert adds a row and tells journal and listeners. An empty id takes the next one.
func (r *Router) insert(path, id string, f map[string]string) *row {
	t := r.tables[path]
	if id == "" {
		id = "*" + strings.ToUpper(strconv.FormatUint(t.next, 16))
		t.next++
	}
	for _, fd := range t.m.fields { // references are kept even when implied, so that they follow a rename
		if fd.kind == "ref" && fd.hasDef && !fd.silent && f[fd.name] == "" {
			f[fd.name] = fd.def
		}
	}
	x := &row{id: id, f: f}
	t.insert(x)
	r.touched(t, x)
	if t.m.after != nil {
		t.m.after(r, x)
	}
	return x
}

// change writes fields of a row; an empty value unsets.
func (r *Router) change(t *table, x *row, f map[string]string) {
	old := x.f["name"]
	for k, v := range f {
		if v == "" {
			delete(x.f, k)
		} else {
			x.f[k] = v
		}
	}
	if now := x.f["name"]; now != old && old != "" {
		t.unindex(old, x)
		t.index(now, x)
		r.renameRefs(t.m.path, old, now)
	}
	r.touched(t, x)
	if t.m.after != nil {
		t.m.after(r, x)
	}
}

// delete removes a row without asking; references turn into its id.
func (r *Router) delete(t *table, x *row) {
	t.drop(x)
	r.journal.del(t, x)
	r.publish(t, x)
	if name := x.f["name"]; name != "" {
		r.renameRefs(t.m.path, name, x.id)
	}
	if t.m.after != nil {
		t.m.after(r, x)
	}
}

func (r *Router) touched(t *table, x *row) {
	r.journal.put(t, x)
	r.publish(t, x)
}

// renameRefs keeps references by name pointing at the same row, as a router
// does, which refers by id; what pointed at a removed row shows its id.
func (r *Router) renameRefs(path, old, now string) {
	for _, ref := range refsTo[path] {
		t := r.tables[ref.menu]
		t.each(func(x *row) bool {
			if x.f[ref.field] == old {
				x.f[ref.field] = now
				r.touched(t, x)
			}
			return true
		})
	}
}

type refField struct{ menu, field string }

// refsTo lists, per menu, the fields elsewhere that name its rows.
var refsTo = map[string][]refField{}

func buildRefs() {
	for _, path := range menuOrder {
		for _, f := range menus[path].fields {
			if f.kind == "ref" {
				refsTo[f.opts[0]] = append(refsTo[f.opts[0]], refField{path, f.name})
			}
		}
	}
}

// place moves a row before another, or to the end.
func (t *table) place(x, before *row) {
	if x == before {
		return
	}
	t.order = slices.DeleteFunc(t.order, func(y *row) bool { return y == x })
	i := len(t.order)
	if before != nil {
		i = slices.Index(t.order, before)
	}
	t.order = slices.Insert(t.order, i, x)
}

// reorder puts the rows in the given order of ids.
func (t *table) reorder(ids []string) {
	at := map[string]int{}
	for i, id := range ids {
		at[id] = i
	}
	slices.SortStableFunc(t.order, func(a, b *row) int { return at[a.id] - at[b.id] })
}

// all returns a copy of the rows, safe to delete from.
func (t *table) all() []*row {
	list := slices.Clone(t.order)
	return slices.DeleteFunc(list, func(x *row) bool { return x.gone })
}

// sweep deletes the rows that match.
func (r *Router) sweep(path string, match func(x *row) bool) {
	t := r.tables[path]
	for _, x := range slices.Clone(t.order) {
		if !x.gone && match(x) {
			r.delete(t, x)
		}
	}
}

// value is a field as stored, or its default.
func value(t *table, x *row, name string) string {
	if v, ok := x.f[name]; ok {
		return v
	}
	if f := t.m.byName[name]; f != nil && f.hasDef {
		return f.def
	}
	return ""
}
