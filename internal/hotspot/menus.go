package hotspot

import "slices"

// Menu is one list on a router that the panel shows.
type Menu string

// The menus, named as their pages are.
const (
	MenuUsers          Menu = "users"
	MenuActive         Menu = "active"
	MenuProfiles       Menu = "profiles"
	MenuHosts          Menu = "hosts"
	MenuCookies        Menu = "cookies"
	MenuBindings       Menu = "bindings"
	MenuWalledGarden   Menu = "garden"
	MenuWalledGardenIP Menu = "garden-ip"
	MenuServers        Menu = "servers"
)

// Menus lists them all in the order of the panel.
var Menus = []Menu{MenuUsers, MenuActive, MenuProfiles, MenuHosts, MenuCookies, MenuBindings, MenuWalledGarden, MenuWalledGardenIP, MenuServers}

// Spec says what a menu shows and what may be done to it. Columns and fields have the
// router's names, which operators know.
type Spec struct {
	Columns []string // read for lists; the first names what the row is about
	Names   []string // columns that name a row for a person to confirm; default the first
	Sorted  bool     // shown by name; else in the router's own order, which means something
	Form    []Field  // what may be set
	Add     bool
	Remove  bool
	Toggle  bool // rows can be disabled
}

// Field is one input of a form.
type Field struct {
	Name    string
	Kind    FieldKind
	Choices []string
	Needed  bool
	Fixed   bool // may be given when the row is made, never changed
	Script  bool // a part of Mikhmon's script: shown, changed in Mikhmon alone
}

// FieldKind says what may be typed into a field; Check is the judge.
type FieldKind string

// The kinds. Ref fields name a row of another menu.
const (
	FieldName    FieldKind = "name"
	FieldText    FieldKind = "text"
	FieldRate    FieldKind = "rate"
	FieldCount   FieldKind = "count"
	FieldSpan    FieldKind = "span"
	FieldBytes   FieldKind = "bytes"
	FieldMAC     FieldKind = "mac"
	FieldIP      FieldKind = "ip"
	FieldNet     FieldKind = "net"
	FieldHost    FieldKind = "host"
	FieldPort    FieldKind = "port"
	FieldPath    FieldKind = "path"
	FieldPrice   FieldKind = "price"
	FieldChoice  FieldKind = "choice"
	FieldProfile FieldKind = "profile"
	FieldServer  FieldKind = "server"
	FieldPool    FieldKind = "pool"
)

// Fields of a profile that are no properties of the router but the list that
// Mikhmon keeps at the start of the on-login script.
const (
	FieldExpiry   = "expiry-mode"
	FieldCost     = "price"
	FieldSelling  = "selling-price"
	FieldValidity = "validity"
	FieldLock     = "lock-user"
)

// Expiries are Mikhmon's expiry modes: none, remove, notice, and both with a
// sale record.
var Expiries = []string{"0", "rem", "ntf", "remc", "ntfc"}

var comment = Field{Name: "comment", Kind: FieldText}

var specs = map[Menu]Spec{
	MenuUsers: {Columns: []string{"name", "profile", "server", "comment", "disabled"}, Sorted: true, Remove: true, Toggle: true, Form: []Field{
		{Name: "profile", Kind: FieldProfile, Needed: true}, {Name: "server", Kind: FieldServer}, {Name: "limit-uptime", Kind: FieldSpan},
		{Name: "limit-bytes-total", Kind: FieldBytes}, {Name: "mac-address", Kind: FieldMAC}, comment}},
	MenuActive: {Columns: []string{"user", "mac-address", "address", "server", "uptime", "session-time-left", "bytes-in", "bytes-out", "login-by"}, Sorted: true, Remove: true},
	MenuProfiles: {Columns: []string{"name", "rate-limit", "shared-users", "address-pool", FieldExpiry, FieldCost, FieldValidity}, Sorted: true, Add: true, Remove: true, Form: []Field{
		{Name: "name", Kind: FieldName, Needed: true, Fixed: true}, {Name: "rate-limit", Kind: FieldRate}, {Name: "shared-users", Kind: FieldCount, Needed: true},
		{Name: "address-pool", Kind: FieldPool}, {Name: FieldExpiry, Kind: FieldChoice, Choices: Expiries, Script: true}, {Name: FieldValidity, Kind: FieldSpan},
		{Name: FieldCost, Kind: FieldPrice}, {Name: FieldSelling, Kind: FieldPrice}, {Name: FieldLock, Kind: FieldChoice, Choices: []string{"Disable", "Enable"}, Script: true}}},
	MenuHosts:   {Columns: []string{"mac-address", "address", "to-address", "server", "uptime", "authorized", "bypassed", "comment"}, Sorted: true},
	MenuCookies: {Columns: []string{"user", "mac-address", "domain", "expires-in"}, Names: []string{"user", "mac-address"}, Sorted: true, Remove: true},
	MenuBindings: {Columns: []string{"mac-address", "address", "to-address", "type", "server", "comment", "disabled"}, Names: []string{"mac-address", "address"}, Add: true, Remove: true, Toggle: true, Form: []Field{
		{Name: "mac-address", Kind: FieldMAC}, {Name: "address", Kind: FieldIP}, {Name: "to-address", Kind: FieldIP},
		{Name: "type", Kind: FieldChoice, Choices: []string{"regular", "bypassed", "blocked"}}, {Name: "server", Kind: FieldServer}, comment}},
	MenuWalledGarden: {Columns: []string{"dst-host", "dst-port", "path", "action", "server", "hits", "comment", "disabled"}, Names: []string{"dst-host", "path", "comment"}, Add: true, Remove: true, Toggle: true, Form: []Field{
		{Name: "dst-host", Kind: FieldHost}, {Name: "dst-port", Kind: FieldPort}, {Name: "path", Kind: FieldPath},
		{Name: "action", Kind: FieldChoice, Choices: []string{"allow", "deny"}}, comment}},
	MenuWalledGardenIP: {Columns: []string{"dst-host", "dst-address", "protocol", "dst-port", "action", "server", "comment", "disabled"}, Names: []string{"dst-host", "dst-address", "comment"}, Add: true, Remove: true, Toggle: true, Form: []Field{
		{Name: "dst-host", Kind: FieldHost}, {Name: "dst-address", Kind: FieldNet}, {Name: "protocol", Kind: FieldChoice, Choices: []string{"tcp", "udp", "icmp", ""}},
		{Name: "dst-port", Kind: FieldPort}, {Name: "action", Kind: FieldChoice, Choices: []string{"accept", "drop", "reject"}}, comment}},
	MenuServers: {Columns: []string{"name", "interface", "profile", "address-pool", "invalid", "disabled"}, Sorted: true, Toggle: true},
}

// SpecOf describes a menu; ok is false for a name that is none.
func SpecOf(m Menu) (Spec, bool) {
	s, ok := specs[m]
	if ok && len(s.Names) == 0 {
		s.Names = s.Columns[:1]
	}
	return s, ok
}

// Field returns a field of the form, the zero Field when there is none.
func (s Spec) Field(name string) Field {
	if n := slices.IndexFunc(s.Form, func(f Field) bool { return f.Name == name }); n >= 0 {
		return s.Form[n]
	}
	return Field{}
}

// Of returns a column of a row, "" when the menu has none of that name.
func (s Spec) Of(i Item, column string) string {
	if n := slices.Index(s.Columns, column); n >= 0 && n < len(i.Values) {
		return i.Values[n]
	}
	return ""
}

// Name is what a row is called when a person has to confirm something: the
// first naming column that says anything.
func (s Spec) Name(of func(column string) string) string {
	for _, column := range s.Names {
		if v := of(column); v != "" {
			return v
		}
	}
	return ""
}

// Reads lists every column and form field, each once.
func (s Spec) Reads() []string {
	out := slices.Clone(s.Columns)
	for _, f := range s.Form {
		if !slices.Contains(out, f.Name) {
			out = append(out, f.Name)
		}
	}
	return out
}
