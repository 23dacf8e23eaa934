package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// passwordForm is the page to change the own password, by choice or as a required step.
func passwordForm(k *web.Request) error {
	return showPassword(k, fiber.StatusOK, templates.Typed{})
}

func changePassword(k *web.Request) error {
	token, _, err := k.Accounts.ChangePassword(k.AuditContext(), k.Principal, k.FormValue("current"), k.FormValue("password"), k.FormValue("again"))
	if err != nil {
		form, ok := k.Typed(err)
		if !ok {
			return err
		}
		return showPassword(k, httpx.Status(err), form)
	}
	if err := k.KeepSession(token); err != nil {
		return err
	}
	return k.SeeOther("/account", "m", "password_changed")
}

func showPassword(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	policy, err := k.Accounts.Policy(k.AuditContext())
	if err != nil {
		return err
	}
	sessions, err := k.Store.SessionsOf(k.AuditContext(), k.Principal.ID, k.Clock.Now())
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendPage(status, p.Theme, templates.PasswordPage{Panel: p, Forced: k.Principal.RequiredStep == staff.StepPassword, Given: k.Principal.MustChange,
		Rules: rules(policy), Others: max(0, len(sessions)-1)})
}

// rules are the rules for new passwords as a form shows them.
func rules(p staff.Policy) templates.PasswordRules {
	return templates.PasswordRules{Min: max(p.MinLength, staff.MinPassword), Mixed: p.Complexity}
}
