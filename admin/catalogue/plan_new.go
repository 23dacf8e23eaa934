package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/catalogue"
)

const newPlanPath = web.Root + "/catalogue/add/plan"

// newPlanForm asks for a new plan, empty or filled in like another one.
func newPlanForm(k *web.Request) error {
	values := catalog.Plan{ValidFrom: order.FromFirstLogin, SharedUsers: 1}.Fields()
	values["price"], values["site"] = "", k.Query("site")
	if from := k.Query("from"); from != "" {
		like, err := plan(k, from)
		if err != nil {
			return err
		}
		values = like.Fields()
		values["hidden"] = "false"
	}
	return planForm{values: values, action: newPlanPath, status: fiber.StatusOK}.send(k)
}

// newPlan makes a plan.
func newPlan(k *web.Request) error {
	f := planForm{plan: catalog.Plan{SiteID: k.FormValue("site")}, values: catalog.Fields{}, action: newPlanPath}
	if shown, err := f.previews(k); shown {
		return err
	}
	values, err := posted(k, planGroups)
	if err == nil {
		_, err = k.Shop.Catalogue.SavePlan(k.AuditContext(), k.Actor(), catalogue.PlanForm{SiteID: f.plan.SiteID, Fields: values})
	}
	if err != nil {
		return f.refused(k, err)
	}
	return k.SeeOther("/catalogue", "site", f.plan.SiteID, "m", "plan.added")
}
