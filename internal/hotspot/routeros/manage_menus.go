package routeros

import (
	"strings"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

const (
	ifaceMenu = "/interface"
	poolMenu  = "/ip/pool"
)

// places are where the router keeps what the panel shows.
var places = map[hotspot.Menu]string{
	hotspot.MenuUsers: userMenu, hotspot.MenuActive: activeMenu, hotspot.MenuProfiles: profileMenu, hotspot.MenuHosts: hostMenu, hotspot.MenuCookies: cookieMenu,
	hotspot.MenuBindings: "/ip/hotspot/ip-binding", hotspot.MenuWalledGarden: walledGardenMenu, hotspot.MenuWalledGardenIP: walledGardenIPMenu, hotspot.MenuServers: "/ip/hotspot",
}

// place finds a menu. Errors: NotFound "router.no_menu".
func place(m hotspot.Menu) (string, hotspot.Spec, error) {
	spec, known := hotspot.SpecOf(m)
	path := places[m]
	if !known || path == "" {
		return "", spec, fault.New(fault.NotFound, "router.no_menu")
	}
	return path, spec, nil
}

// cleared is what an empty field is on the router, where that is not the empty
// word itself (RouterOS documentation, hotspot user and user profile).
var cleared = map[string]string{"limit-uptime": "0s", "limit-bytes-total": "0", "server": "all", "address-pool": "none"}

// propertiesOf names what to read for columns: the fields that Mikhmon keeps
// in a script are not the router's own.
func propertiesOf(columns []string) string {
	out, script := []string{".id"}, false
	for _, c := range columns {
		if isMeta(c) {
			script = true
			continue
		}
		out = append(out, c)
	}
	if script {
		out = append(out, "on-login")
	}
	return "=.proplist=" + strings.Join(out, ",")
}

// valuesOf reads a row's columns.
func valuesOf(have row, columns []string) []string {
	out := make([]string, len(columns))
	var about meta
	if have["on-login"] != "" {
		about = readMeta(have["on-login"])
	}
	for i, c := range columns {
		if isMeta(c) {
			out[i] = about.of(c)
		} else {
			out[i] = have[c]
		}
	}
	return out
}

func itemID(have row) string { return strings.TrimPrefix(have[".id"], "*") }

func byID(id string) string { return "=.id=*" + id }

// arguments are the words of an add or a set.
func arguments(values map[string]string, set bool) map[string]string {
	out := map[string]string{}
	for name, v := range values {
		switch {
		case isMeta(name):
		case v != "":
			out[name] = v
		case set:
			out[name] = cleared[name]
		}
	}
	return out
}
