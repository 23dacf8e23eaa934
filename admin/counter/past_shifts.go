package counter

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// ShiftsShown is how many shifts the page lists.
const ShiftsShown = 30

// pastShifts lists the last shifts that the account may see.
func pastShifts(k *web.Request, before store.ShiftCursor) (out []store.Shift, err error) {
	switch {
	case !k.Principal.May(staff.Reports):
		return k.Store.Shifts(k.AuditContext(), k.Principal.ID, before, ShiftsShown)
	case k.Principal.AllSites():
		return k.Store.Shifts(k.AuditContext(), "", before, ShiftsShown)
	}
	people, err := k.Store.ListStaff(k.AuditContext())
	if err != nil {
		return nil, err
	}
	for _, who := range people {
		if !k.Principal.Manages(who) {
			continue
		}
		all, err := k.Store.Shifts(k.AuditContext(), who.ID, before, ShiftsShown)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			seen, err := maySeeShift(k, s)
			if err != nil {
				return nil, err
			}
			if seen {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b store.Shift) int { return cmp.Or(b.OpenedAt.Compare(a.OpenedAt), strings.Compare(b.ID, a.ID)) })
	return out[:min(len(out), ShiftsShown)], nil
}

// shiftsBefore is where the list of shifts goes on, by its key.
func shiftsBefore(k *web.Request) store.ShiftCursor {
	ms, id, _ := strings.Cut(web.Queries(k).Get("before"), ".")
	if n, err := strconv.ParseInt(ms, 10, 64); err == nil && n > 0 {
		return store.ShiftCursor{OpenedAt: time.UnixMilli(n), ID: id}
	}
	return store.ShiftCursor{OpenedAt: k.Clock.Now().Add(time.Second)}
}
