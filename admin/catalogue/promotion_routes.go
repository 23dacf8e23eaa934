package catalogue

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// PromotionRoutes are for promotions.
var PromotionRoutes = []web.Route{
	{Method: "GET", Path: "/catalogue/promotions", Right: staff.EditPlans, Handle: promotions},
	{Method: "GET", Path: "/catalogue/promotions/new", Right: staff.EditPlans, Handle: newPromotionForm},
	{Method: "POST", Path: "/catalogue/promotions/new", Right: staff.EditPlans, Handle: newPromotion},
	{Method: "GET", Path: "/catalogue/promotions/:id", Right: staff.EditPlans, Handle: promotion},
	{Method: "POST", Path: "/catalogue/promotions/:id", Right: staff.EditPlans, Handle: editPromotion},
	{Method: "GET", Path: "/catalogue/promotions/:id/end", Right: staff.EditPlans, Reauthenticate: true, Handle: endPromotionForm},
	{Method: "POST", Path: "/catalogue/promotions/:id/end", Right: staff.EditPlans, Confirm: confirmEndPromotion, Handle: endPromotion},
}
