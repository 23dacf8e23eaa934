package routerossim

import "strconv"

// trap is one !trap sentence. Category -1 leaves the attribute away, which is
// what routers mostly do.
type trap struct {
	cat int
	msg string
}

// trapError answers a command with traps; the connection stays usable.
type trapError []trap

func (t trapError) Error() string { return t[len(t)-1].msg }

func (t trapError) sentences() []out {
	var list []out
	for _, one := range t {
		o := out{word: "!trap"}
		if one.cat >= 0 {
			o.attrs = append(o.attrs, attr("category", strconv.Itoa(one.cat)))
		}
		if one.msg != "" {
			o.attrs = append(o.attrs, attr("message", one.msg))
		}
		list = append(list, o)
	}
	return list
}

func fail(msg string) error { return trapError{{-1, msg}} }

func failCat(cat int, msg string) error { return trapError{{cat, msg}} }

// Texts as observed on routers; clients sort errors by them.
const (
	msgBadLogin     = "invalid user name or password (6)"
	msgNoPermission = "not enough permissions (9)"
	msgInterrupted  = "interrupted"
	msgTooLong      = "failure: contents too long"
	msgDeviceMode   = "failure: not allowed by device-mode"
	msgFlagged      = "failure: configuration flagged, check all router configuration for unauthorized changes and update device-mode"
)

func (r *Router) noSuchItem() error {
	if r.ver.major == 6 {
		return fail("no such item")
	}
	return failCat(0, "no such item")
}

func (r *Router) unknownMenu(last string) error {
	if r.ver.major == 6 {
		return fail("no such command prefix")
	}
	return trapError{{0, "no such command or directory (" + last + ")"}, {-1, "no such command prefix"}}
}

func (r *Router) unknownVerb() error {
	if r.ver.major == 6 {
		return fail("no such command")
	}
	return failCat(0, "no such command")
}

func (r *Router) unknownParameter(name string) error {
	if r.ver.major == 6 {
		return fail("unknown parameter")
	}
	return fail("unknown parameter " + name)
}

func noMatch(field string) error { return fail("input does not match any value of " + field) }
