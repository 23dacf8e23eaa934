package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// staffDetail shows one account and what can be done with it.
func staffDetail(k *request) error {
	return showStaffDetail(k, fiber.StatusOK, templates.Typed{}, "")
}

func showStaffDetail(k *request, status int, form templates.Typed, act string) error {
	s, err := k.Store.StaffByID(k.ctx(), k.Params("id"))
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
	sites, err := k.Store.Sites(k.ctx())
	if err != nil {
		return err
	}
	page := templates.StaffDetailPage{Panel: p, Act: act, Created: s.CreatedAt, PasswordAt: s.PasswordAt, Tokens: map[string]string{}}
	for key, path := range staffActions {
		page.Tokens[key] = k.confirmationToken(root + "/staff/" + s.ID + path)
	}
	if page.StaffLine, err = staffLine(k, s, sites); err != nil {
		return err
	}
	page.Form, page.Audit = form, k.principal.May(staff.SeeAudit) && k.principal.AllSites()
	post := staff.Assignment{Role: s.Role, Sites: s.Sites}
	if act == "post" {
		post = assignment(k)
	}
	if page.Assignment, err = assignmentForm(k, post); err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}

// staffActions are the acts of the page that need a confirmation, and their paths.
var staffActions = map[string]string{"post": "/post", "link": "/link", "reset": "/reset-second", "disable": "/disable"}

// confirmStaffAction shows the page again with one act's form open.
func confirmStaffAction(act string) confirmation {
	return func(k *request, cause error) error {
		status, form, err := k.confirmationForm(cause)
		if err != nil {
			return err
		}
		return showStaffDetail(k, status, form, act)
	}
}

// confirmed reads what comes with an act that cannot simply be taken back.
func confirmed(k *request) staff.Confirmation {
	return staff.Confirmation{Typed: k.FormValue("typed"), Reason: k.FormValue("reason")}
}

// managed ends an act on an account: back to its page, or to the form that was
// refused.
func managed(k *request, act, done string, err error) error {
	if form, ok := k.typed(err, "typed", "reason"); ok && err != nil && form.Field != "" {
		return showStaffDetail(k, httpx.Status(err), form, act)
	}
	if k.principal.ID == k.Params("id") && err == nil {
		return k.seeOther("/login") // it was one's own account: the session has ended
	}
	return backOrError(k, "/staff/"+k.Params("id"), done, err)
}

// backOrError is back, except for things that are not there.
func backOrError(k *request, path, done string, err error) error {
	if err != nil && httpx.Status(err) == fiber.StatusNotFound {
		return err
	}
	return k.back(path, done, err)
}

func reassign(k *request) error {
	return managed(k, "post", "staff_reassigned", k.Accounts.Reassign(k.ctx(), k.principal.Actor(), k.Params("id"), assignment(k), confirmed(k)))
}

func disableStaff(k *request) error {
	return managed(k, "disable", "staff_disabled", k.Accounts.Disable(k.ctx(), k.principal.Actor(), k.Params("id"), confirmed(k)))
}

func enableStaff(k *request) error {
	return backOrError(k, "/staff/"+k.Params("id"), "staff_enabled", k.Accounts.Enable(k.ctx(), k.principal.Actor(), k.Params("id")))
}

func resetTwoFactor(k *request) error {
	return managed(k, "reset", "second_reset", k.Accounts.ResetTwoFactor(k.ctx(), k.principal.Actor(), k.Params("id"), confirmed(k)))
}

func endSessionsOf(k *request) error {
	_, err := k.Accounts.EndSessionsOf(k.ctx(), k.principal.Actor(), k.Params("id"))
	return managed(k, "", "sessions_ended", err)
}

// inviteAgain makes a new one-time link and shows it, once.
func inviteAgain(k *request) error {
	link, err := k.Accounts.Invite(k.ctx(), k.principal.Actor(), k.Params("id"), confirmed(k))
	if err != nil {
		return managed(k, "link", "", err)
	}
	s, err := k.Store.StaffByID(k.ctx(), k.Params("id"))
	if err != nil {
		return err
	}
	return showLink(k, s.ID, s.Name, link)
}
