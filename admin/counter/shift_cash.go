package counter

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
)

// shiftCash records cash that goes into one's own till, or out of it, without a sale.
func shiftCash(k *web.Request) error {
	s, err := readShift(k, k.Param("id"))
	if err != nil {
		return err
	}
	if err := order.MayCloseShift(s.StaffID, s.ClosedAt, k.Principal.ID); fault.Is(err, fault.NotFound) {
		return err
	}
	way := k.FormValue("way")
	amount, err := k.Amount("amount")
	switch {
	case way != "in" && way != "out":
		err = fault.AtField("way", "counter.till_way")
	case err == nil:
		err = k.Shop.Counter.MoveTill(k.AuditContext(), counter.TillIn{ShiftID: s.ID, Out: way == "out", Amount: amount, Reason: k.FormValue("reason"), Nonce: k.FormValue("nonce"), Actor: k.Actor()})
	}
	if fault.Is(err, fault.Invalid) {
		form, _ := k.Typed(err, "way", "amount", "reason")
		return showShift(k, httpx.Status(err), form, s.ID)
	}
	return k.Back("/shift/"+s.ID, "shift.cash", err)
}
