package catalogue

import (
	"strconv"

	"gerai/admin/web"
	"gerai/internal/shop/catalogue"
	"gerai/templates"
)

// retirePlanForm shows what retiring a plan does.
func retirePlanForm(k *web.Request) error { return confirmRetire(k, nil) }

// retirePlan retires a plan.
func retirePlan(k *web.Request) error {
	p, err := planOf(k)
	if err != nil {
		return err
	}
	err = k.Shop.Catalogue.RetirePlan(k.AuditContext(), k.Actor(), p.ID, k.FormValue("typed"), k.Reason())
	if err != nil {
		return confirmRetire(k, err)
	}
	return k.SeeOther("/catalogue", "site", p.SiteID, "m", "plan.retired")
}

func confirmRetire(k *web.Request, cause error) error {
	x, err := planOf(k)
	if err == nil && x.Retired() {
		err = catalogue.ErrRetired
	}
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "catalogue")
	if err != nil {
		return err
	}
	stock, err := k.Store.StockOf(k.AuditContext(), x.ID)
	if err != nil {
		return err
	}
	page := templates.ConfirmationPage{Panel: p, Name: p.T("catalogue.retire.title", "plan", x.Name), Want: x.Name, Button: p.T("catalogue.retire"),
		Action: web.Root + "/catalogue/plans/" + x.ID + "/retire", Back: web.Root + "/catalogue?site=" + x.SiteID,
		Effects: []string{p.T("catalogue.retire.page"), p.T("catalogue.retire.sold"), p.T("catalogue.retire.undo")}}
	if stock.Total > 0 {
		page.Effects = append(page.Effects, p.T("catalogue.retire.stock", "n", strconv.Itoa(stock.Total)))
	}
	return k.SendConfirmation(status, page)
}
