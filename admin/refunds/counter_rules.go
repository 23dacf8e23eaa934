package refunds

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/store"
	"gerai/templates"
)

// rulesForm shows the rules of the counter.
func rulesForm(k *web.Request) error {
	rules, err := k.Store.CounterRules(k.AuditContext())
	if err != nil {
		return err
	}
	return showRules(k, fiber.StatusOK, templates.Typed{}, rules)
}

// setRules replaces them.
func setRules(k *web.Request) error {
	rules := store.CounterRules{ConfirmTransfers: k.FormValue("confirm_transfers") == "1", StopExternal: k.FormValue("stop_external") == "1"}
	var err error
	if k.FormValue("overdue_days") != "" { // left empty: never
		rules.OverdueDays, err = web.Number(k, "overdue_days", "counter.days")
	}
	if err == nil && k.FormValue("most_discount") != "" { // left empty: nothing
		rules.MostDiscount, err = web.Number(k, "most_discount", "counter.most_discount")
	}
	if err != nil {
		form, _ := k.Typed(err, "second_above", "overdue_days", "most_discount")
		return showRules(k, httpx.Status(err), form, rules)
	}
	if rules.SecondAbove, err = k.Amount("second_above"); err == nil {
		err = k.Shop.Refunds.SetCounterRules(k.AuditContext(), k.Actor(), rules)
	}
	if fault.Is(err, fault.Invalid) {
		form, _ := k.Typed(err, "second_above", "overdue_days", "most_discount")
		return showRules(k, httpx.Status(err), form, rules)
	}
	return k.Back("/money/rules", "rules.keep", err)
}

func showRules(k *web.Request, status int, form templates.Typed, rules store.CounterRules) error {
	p, err := k.Panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendPage(status, p.Theme, templates.RulesPage{Panel: p, ConfirmTransfers: rules.ConfirmTransfers, SecondAbove: rules.SecondAbove.String(), StopExternal: rules.StopExternal,
		OverdueDays: rules.OverdueDays, MostDiscount: rules.MostDiscount})
}
