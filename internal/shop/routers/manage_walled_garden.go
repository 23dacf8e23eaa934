package routers

import (
	"slices"

	"gerai/internal/hotspot"
)

// OpensProbes reports whether a walled garden row would make phones believe that
// they are online, so that the login page never opens.
func OpensProbes(menu hotspot.Menu, of func(column string) string) bool {
	action := of("action")
	if menu != hotspot.MenuWalledGarden && menu != hotspot.MenuWalledGardenIP || action == "deny" || action == "drop" || action == "reject" {
		return false
	}
	host := of("dst-host")
	if host == "" {
		return of("dst-address") == "" && of("path") == "" && of("comment") == "" // a row for everything
	}
	return slices.ContainsFunc(hotspot.Probes, func(probe string) bool { return hotspot.Reaches(host, probe) })
}

// requireConfirmation refuses a change that opens a probe unless the person insists.
// Errors: ErrProbeHost.
func requireConfirmation(menu hotspot.Menu, typed, values, have map[string]string) error {
	of := func(column string) string {
		if v, given := values[column]; given {
			return v
		}
		return have[column]
	}
	_, host := values["dst-host"]
	_, action := values["action"]
	if typed["sure"] != "yes" && (host || action) && of("dst-host") != "" && OpensProbes(menu, of) {
		return ErrProbeHost
	}
	return nil
}
