package counter

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// shift shows the account's own till.
func shift(k *web.Request) error {
	return showShift(k, fiber.StatusOK, templates.Typed{}, "")
}

// oneShift shows a shift: the account's own, or any with the right to all reports.
func oneShift(k *web.Request) error {
	return showShift(k, fiber.StatusOK, templates.Typed{}, k.Param("id"))
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
	page.Nonce = web.Nonce()
	page.Report = shiftReport(page.Panel, r)
	for _, m := range moves {
		page.Moves = append(page.Moves, templates.MoveLine{At: m.At, Kind: m.Kind, Code: m.Code, Amount: m.Amount, Reason: m.Reason})
	}
	return nil
}

func shiftLine(s store.Shift) templates.ShiftLine {
	return templates.ShiftLine{ID: s.ID, Who: s.StaffName, OpenedAt: s.OpenedAt, ClosedAt: s.ClosedAt, Opening: s.Opening, Counted: s.Counted, Expected: s.Expected,
		Differs: s.Counted - s.Expected, Note: s.Note}
}
