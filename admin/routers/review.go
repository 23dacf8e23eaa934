package routers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/templates"
)

// routerReview shows how far a router holds what our books want, and what is left to a person.
func routerReview(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, "review")
	if err != nil {
		return err
	}
	v, err := k.Shop.Vouchers.RouterReview(k.AuditContext(), r.ID, k.Query("after"))
	if err != nil {
		return err
	}
	page := templates.RouterReviewPage{RouterPanel: p, Seen: v.Seen, LastAt: v.At, ToldAt: v.ToldAt, Users: v.Users, Left: v.Left, Restoring: v.Restoring,
		Found: web.DifferenceCounts(p.Panel, v.Found), Corrected: web.DifferenceCounts(p.Panel, v.Corrected),
		CanRestore: k.Principal.May(staff.HotspotUsers), CanOpen: k.Principal.May(staff.SeeVouchers)}
	for _, x := range v.Lines {
		page.Lines = append(page.Lines, web.DifferenceLine(p.Panel, x))
	}
	if v.Next != "" {
		page.Next = p.At("/review?" + url.Values{"after": {v.Next}}.Encode())
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
