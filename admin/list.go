package admin

import (
	"slices"

	staffpages "gerai/admin/staff"
	"gerai/admin/web"
	"gerai/internal/staff"
)

// Entry is one line of the panel's route tables as the outside may know it.
type Entry struct {
	Method, Path string      // whole path, parameters as ":name"
	Right        staff.Right // "" is open to people who have not signed in
}

// Routes lists everything the panel answers, in the order in which addresses
// are compared: the first line that fits is meant.
func Routes() []Entry {
	var out []Entry
	for _, x := range slices.Concat(staffpages.PublicRoutes, routes) {
		out = append(out, Entry{Method: x.Method, Path: web.Root + x.Path, Right: x.Right})
	}
	return out
}
