package counter

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// ShiftsShown is how many shifts the page lists.
const ShiftsShown = 30

// shift shows the account's own till.
func shift(k *web.Request) error {
	return showShift(k, fiber.StatusOK, templates.Typed{}, "")
}

// oneShift shows a shift: the account's own, or any with the right to all reports.
func oneShift(k *web.Request) error {
	return showShift(k, fiber.StatusOK, templates.Typed{}, k.Param("id"))
}

// openShift opens a till and goes back to where it was missed.
func openShift(k *web.Request) error {
	opening, err := k.Amount("opening")
	if err == nil {
		err = k.Shop.Counter.OpenShift(k.AuditContext(), k.Actor(), opening)
	}
	switch {
	case fault.Is(err, fault.Invalid):
		form, _ := k.Typed(err, "opening")
		return showShift(k, httpx.Status(err), form, "")
	case err != nil:
		return k.Back("/shift", "", err)
	}
	if next := web.Inside(k.FormValue("next")); next != web.Root && next != web.Root+"/shift/open" {
		return k.Redirect(next, fiber.StatusSeeOther)
	}
	return k.SeeOther("/shift", "m", "shift.open")
}

// closeShift ends one's own shift with what was counted.
func closeShift(k *web.Request) error {
	s, err := readShift(k, k.Param("id"))
	if err != nil {
		return err
	}
	if err := order.MayCloseShift(s.StaffID, s.ClosedAt, k.Principal.ID); fault.Is(err, fault.NotFound) {
		return err
	}
	counted, err := k.Amount("counted")
	if err == nil {
		_, err = k.Shop.Counter.CloseShift(k.AuditContext(), k.Actor(), s.ID, counted, k.FormValue("note"))
	}
	if fault.Is(err, fault.Invalid) {
		form, _ := k.Typed(err, "counted", "note")
		return showShift(k, httpx.Status(err), form, s.ID)
	}
	return k.Back("/shift/"+s.ID, "shift.close", err)
}

// readShift reads a shift that the account may see.
func readShift(k *web.Request, id string) (store.Shift, error) {
	s, err := k.Store.Shift(k.AuditContext(), id)
	if err != nil {
		return s, err
	}
	seen, err := maySeeShift(k, s)
	if err == nil && !seen {
		err = store.ErrShiftNotFound
	}
	return s, err
}

// maySeeShift reports whether a shift is the account's own, or belongs to an account
// that it manages and holds no money of other sites.
func maySeeShift(k *web.Request, s store.Shift) (bool, error) {
	switch {
	case s.StaffID == k.Principal.ID:
		return true, nil
	case !k.Principal.May(staff.Reports):
		return false, nil
	case k.Principal.AllSites():
		return true, nil
	}
	who, err := k.Store.StaffByID(k.AuditContext(), s.StaffID)
	if err != nil || !k.Principal.Manages(who) {
		return false, err
	}
	sites, err := k.Store.ShiftSites(k.AuditContext(), s.ID)
	return !slices.ContainsFunc(sites, func(id string) bool { return !k.Principal.Serves(id) }), err
}

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

func showShift(k *web.Request, status int, form templates.Typed, id string) error {
	p, err := k.Panel("shift")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.ShiftPage{Panel: p}
	var s store.Shift
	found := id != ""
	if found {
		s, err = readShift(k, id)
	} else {
		s, found, err = k.Store.OpenShift(k.AuditContext(), k.Principal.ID)
	}
	if err != nil {
		return err
	}
	if found {
		if err := fillShift(k, &page, s); err != nil {
			return err
		}
	}
	past, err := pastShifts(k, shiftsBefore(k))
	if err != nil {
		return err
	}
	if len(past) == ShiftsShown {
		last := past[len(past)-1]
		page.Next = p.Href(web.Root+"/shift", "before", strconv.FormatInt(last.OpenedAt.UnixMilli(), 10)+"."+last.ID)
	}
	for _, x := range past {
		if x.ID != s.ID {
			page.Past = append(page.Past, shiftLine(x))
		}
	}
	return k.SendPage(status, p.Theme, page)
}

// shiftsBefore is where the list of shifts goes on, by its key.
func shiftsBefore(k *web.Request) store.ShiftCursor {
	ms, id, _ := strings.Cut(web.Queries(k).Get("before"), ".")
	if n, err := strconv.ParseInt(ms, 10, 64); err == nil && n > 0 {
		return store.ShiftCursor{OpenedAt: time.UnixMilli(n), ID: id}
	}
	return store.ShiftCursor{OpenedAt: k.Clock.Now().Add(time.Second)}
}

func fillShift(k *web.Request, page *templates.ShiftPage, s store.Shift) error {
	r, err := k.Shop.Counter.ShiftReport(k.AuditContext(), s)
	if err != nil {
		return err
	}
	moves, err := k.Store.Till(k.AuditContext(), s.ID)
	if err != nil {
		return err
	}
	line := shiftLine(s)
	page.Shift, page.Mine, page.Expected = &line, order.MayCloseShift(s.StaffID, s.ClosedAt, k.Principal.ID) == nil, r.Expected
	for _, x := range r.Sums {
		page.Sums = append(page.Sums, templates.SumLine{Kind: x.Kind, Count: x.Count, Amount: x.Amount})
	}
	page.Report = shiftReport(page.Panel, r)
	for _, m := range moves {
		page.Moves = append(page.Moves, templates.MoveLine{At: m.At, Kind: m.Kind, Code: m.Code, Amount: m.Amount})
	}
	return nil
}

func shiftLine(s store.Shift) templates.ShiftLine {
	return templates.ShiftLine{ID: s.ID, Who: s.StaffName, OpenedAt: s.OpenedAt, ClosedAt: s.ClosedAt, Opening: s.Opening, Counted: s.Counted, Expected: s.Expected,
		Differs: s.Counted - s.Expected, Note: s.Note}
}
