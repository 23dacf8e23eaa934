package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/shop/catalogue"
)

// editPlanForm shows a plan to be changed.
func editPlanForm(k *web.Request) error {
	p, err := planOf(k)
	if err == nil && p.Retired() {
		err = catalogue.ErrRetired
	}
	if err != nil {
		return err
	}
	return formOf(p, fiber.StatusOK).send(k)
}

func formOf(p catalog.Plan, status int) planForm {
	return planForm{plan: p, values: p.Fields(), action: web.Root + "/catalogue/plans/" + p.ID, status: status}
}

// editPlan changes a plan.
func editPlan(k *web.Request) error {
	p, err := planOf(k)
	if err != nil {
		return err
	}
	f := formOf(p, fiber.StatusOK)
	if shown, err := f.previews(k); shown {
		return err
	}
	values, err := posted(k, planGroups)
	if err == nil {
		_, err = k.Shop.Catalogue.SavePlan(k.AuditContext(), k.Actor(), catalogue.PlanForm{ID: p.ID, Seen: k.FormValue("seen"), Fields: values})
	}
	if err != nil {
		return f.refused(k, err)
	}
	return k.SeeOther("/catalogue", "site", p.SiteID, "m", "plan.saved")
}
