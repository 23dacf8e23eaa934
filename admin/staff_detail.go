package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// staffDetail shows one account and what can be done with it.
func (d *Handler) staffDetail(k *request) error {
	return d.showStaffDetail(k, fiber.StatusOK, templates.Typed{}, "")
}

func (d *Handler) showStaffDetail(k *request, status int, form templates.Typed, act string) error {
	s, err := d.Store.StaffByID(k.ctx(), k.Params("id"))
	if err == nil && !k.principal.Manages(s) {
		err = fault.New(fault.NotFound, "staff.not_found")
	}
	if err != nil {
		return err
	}
	p, err := k.panel("staff")
	if err != nil {
		return err
	}
	sites, err := d.Store.Sites(k.ctx())
	if err != nil {
		return err
	}
	page := templates.StaffDetailPage{Panel: p, Act: act, Created: s.CreatedAt, PasswordAt: s.PasswordAt, Tokens: map[string]string{}}
	for key, path := range staffActions {
		page.Tokens[key] = k.confirmationToken(root + "/staff/" + s.ID + path)
	}
	if page.StaffLine, err = d.staffLine(k, s, sites); err != nil {
		return err
	}
	page.Form, page.Audit = form, k.principal.May(staff.SeeAudit) && k.principal.AllSites()
	post := staff.Assignment{Role: s.Role, Sites: s.Sites}
	if act == "post" {
		post = k.assignment()
	}
	if page.Assignment, err = d.assignmentForm(k, post); err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}

// staffActions are the acts of the page that need a confirmation, and their paths.
var staffActions = map[string]string{"post": "/post", "link": "/link", "reset": "/reset-second", "disable": "/disable"}

// confirmStaffAction shows the page again with one act's form open.
func confirmStaffAction(act string) confirmation {
	return func(d *Handler, k *request, cause error) error {
		status, form, err := k.confirmationForm(cause)
		if err != nil {
			return err
		}
		return d.showStaffDetail(k, status, form, act)
	}
}

// confirmed reads what comes with an act that cannot simply be taken back.
func (k *request) confirmed() staff.Confirmation {
	return staff.Confirmation{Typed: k.FormValue("typed"), Reason: k.FormValue("reason")}
}

// managed ends an act on an account: back to its page, or to the form that was
// refused.
func (d *Handler) managed(k *request, act, done string, err error) error {
	if form, ok := k.typed(err, "typed", "reason"); ok && err != nil && form.Field != "" {
		return d.showStaffDetail(k, httpx.Status(err), form, act)
	}
	if k.principal.ID == k.Params("id") && err == nil {
		return k.seeOther("/login") // it was one's own account: the session has ended
	}
	return k.backOrError("/staff/"+k.Params("id"), done, err)
}

// backOrError is back, except for things that are not there.
func (k *request) backOrError(path, done string, err error) error {
	if err != nil && httpx.Status(err) == fiber.StatusNotFound {
		return err
	}
	return k.back(path, done, err)
}

func (d *Handler) reassign(k *request) error {
	return d.managed(k, "post", "staff_reassigned", d.Accounts.Reassign(k.ctx(), k.principal.Actor(), k.Params("id"), k.assignment(), k.confirmed()))
}

func (d *Handler) disableStaff(k *request) error {
	return d.managed(k, "disable", "staff_disabled", d.Accounts.Disable(k.ctx(), k.principal.Actor(), k.Params("id"), k.confirmed()))
}

func (d *Handler) enableStaff(k *request) error {
	return k.backOrError("/staff/"+k.Params("id"), "staff_enabled", d.Accounts.Enable(k.ctx(), k.principal.Actor(), k.Params("id")))
}

func (d *Handler) resetTwoFactor(k *request) error {
	return d.managed(k, "reset", "second_reset", d.Accounts.ResetTwoFactor(k.ctx(), k.principal.Actor(), k.Params("id"), k.confirmed()))
}

func (d *Handler) endSessionsOf(k *request) error {
	_, err := d.Accounts.EndSessionsOf(k.ctx(), k.principal.Actor(), k.Params("id"))
	return d.managed(k, "", "sessions_ended", err)
}

// inviteAgain makes a new one-time link and shows it, once.
func (d *Handler) inviteAgain(k *request) error {
	link, err := d.Accounts.Invite(k.ctx(), k.principal.Actor(), k.Params("id"), k.confirmed())
	if err != nil {
		return d.managed(k, "link", "", err)
	}
	s, err := d.Store.StaffByID(k.ctx(), k.Params("id"))
	if err != nil {
		return err
	}
	return d.showLink(k, s.ID, s.Name, link)
}
