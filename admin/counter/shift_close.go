package counter

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
)

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
