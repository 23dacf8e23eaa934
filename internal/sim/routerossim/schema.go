package routerossim

import (
	"fmt"
	"strings"
)

// field is one property of a menu.
type field struct {
	name     string
	kind     string   // str num dur durnone bool yesno mac ip pfx enum flags ref when
	opts     []string // enum and flags: the values; ref: the menu, then words allowed beside its names
	def      string
	hasDef   bool
	required bool
	readonly bool
	secret   bool // never in a log, masked for groups without "sensitive"
	hidden   bool // stored but never printed
	silent   bool // the default is implied, not printed
	ver      string
}

// menu is one place of the tree: a list of rows, or a single record.
type menu struct {
	path     string
	fields   []*field
	byName   map[string]*field
	single   bool     // one record without id: print and set only
	verbs    []string // standard verbs besides print, get, find
	key      []string // fields that are unique together
	dup      string   // trap text for a second one
	policy   string   // needed for writing, default "write"
	feature  string   // device-mode feature that guards writing
	memory   bool     // rows vanish at reboot
	unlogged bool     // rows never reach the journal
	ver      string   // like field.ver
	live     func(r *Router, x *row, get map[string]string)
	check    func(r *Router, x *row, change map[string]string) error
	after    func(r *Router, x *row)
	gone     func(r *Router, x *row) error
	extra    map[string]verb // verbs of this menu alone
}

// verb runs one command under the router's lock.
type verb func(c *call) error

var (
	menus     = map[string]*menu{}
	menuOrder []string
)

const (
	listVerbs = "add set remove enable disable unset comment listen move"
	viewVerbs = "remove listen"
)

// define reads a compact field list. The lists follow the machine dumps of RouterOS 7.9 to 7.24
// (tikoci/restraml); what prints when unset follows rows recorded by the Terraform provider.
//
// Each word is [marks]name:kind[(options)][=default][@version]:
// ! required, - read-only, * secret, # hidden, ~ default not printed.
func define(path, verbs, fields string) *menu {
	m := &menu{path: path, byName: map[string]*field{}, policy: "write", extra: map[string]verb{}}
	m.verbs = strings.Fields(verbs)
	for _, word := range strings.Fields(fields) {
		f := parseField(word)
		m.fields = append(m.fields, f)
		m.byName[f.name] = f
	}
	if menus[path] != nil {
		panic("routerossim: menu twice: " + path)
	}
	menus[path] = m
	menuOrder = append(menuOrder, path)
	return m
}

func parseField(word string) *field {
	f := &field{}
	rest := word
marks:
	for {
		switch rest[0] {
		case '!':
			f.required = true
		case '-':
			f.readonly = true
		case '*':
			f.secret = true
		case '#':
			f.hidden = true
		case '~':
			f.silent = true
		default:
			break marks
		}
		rest = rest[1:]
	}
	rest, f.ver, _ = strings.Cut(rest, "@")
	rest, f.def, f.hasDef = strings.Cut(rest, "=")
	name, kind, ok := strings.Cut(rest, ":")
	if !ok {
		panic("routerossim: bad field " + word)
	}
	if k, opts, ok := strings.Cut(strings.TrimSuffix(kind, ")"), "("); ok {
		kind, f.opts = k, strings.Split(opts, "|")
	}
	f.name, f.kind = name, kind
	return f
}

// has reports whether v satisfies a mark like "7.21" (since) or "<7.5" (before).
func (v version) has(mark string) bool {
	if mark == "" {
		return true
	}
	var major, minor int
	before := mark[0] == '<'
	if _, err := fmt.Sscanf(strings.TrimPrefix(mark, "<"), "%d.%d", &major, &minor); err != nil {
		panic("routerossim: bad version mark " + mark)
	}
	return v.atLeast(major, minor) != before
}

// field finds a property that exists in this version.
func (r *Router) field(m *menu, name string) *field {
	if f := m.byName[name]; f != nil && r.ver.has(f.ver) {
		return f
	}
	return nil
}

func (m *menu) allows(verb string) bool {
	for _, v := range m.verbs {
		if v == verb {
			return true
		}
	}
	return false
}

// hook lets a definition carry its special parts in one expression.
func (m *menu) hook(set func(m *menu)) *menu {
	set(m)
	return m
}
