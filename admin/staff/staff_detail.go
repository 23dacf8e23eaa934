package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// staffDetail shows one account and what can be done with it.
func staffDetail(k *web.Request) error {
	return showStaffDetail(k, fiber.StatusOK, templates.Typed{}, "")
}

func showStaffDetail(k *web.Request, status int, form templates.Typed, act string) error {
	s, err := k.Store.StaffByID(k.AuditContext(), k.Params("id"))
	if err == nil && !k.Principal.Manages(s) {
		err = store.ErrStaffNotFound
	}
	if err != nil {
		return err
	}
	p, err := k.Panel("staff")
	if err != nil {
		return err
	}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return err
	}
	page := templates.StaffDetailPage{Panel: p, Act: act, Created: s.CreatedAt, PasswordAt: s.PasswordAt, Tokens: map[string]string{}}
	for key, path := range staffActions {
		page.Tokens[key] = k.ConfirmationToken(web.Root + "/staff/" + s.ID + path)
	}
	if page.StaffLine, err = staffLine(k, s, sites); err != nil {
		return err
	}
	page.Form, page.Audit = form, k.Principal.May(staff.SeeAudit) && k.Principal.AllSites()
	post := staff.Assignment{Role: s.Role, Sites: s.Sites}
	if act == "post" {
		post = assignment(k)
	}
	if page.Assignment, err = assignmentForm(k, post); err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, page)
}

// staffActions are the acts of the page that need a confirmation, and their paths.
var staffActions = map[string]string{"post": "/post", "link": "/link", "reset": "/reset-second", "disable": "/disable"}

// confirmStaffAction shows the page again with one act's form open.
func confirmStaffAction(act string) web.Confirmation {
	return func(k *web.Request, cause error) error {
		status, form, err := k.ConfirmationForm(cause)
		if err != nil {
			return err
		}
		return showStaffDetail(k, status, form, act)
	}
}

// confirmed reads what comes with an act that cannot simply be taken back.
func confirmed(k *web.Request) staff.Confirmation {
	return staff.Confirmation{Typed: k.FormValue("typed"), Reason: k.FormValue("reason")}
}

// managed ends an act on an account: back to its page, or to the form that was
// refused.
func managed(k *web.Request, act, done string, err error) error {
	if form, ok := k.Typed(err, "typed", "reason"); ok && err != nil && form.Field != "" {
		return showStaffDetail(k, httpx.Status(err), form, act)
	}
	if k.Principal.ID == k.Params("id") && err == nil {
		return k.SeeOther("/login") // it was one's own account: the session has ended
	}
	return web.BackOrError(k, "/staff/"+k.Params("id"), done, err)
}
