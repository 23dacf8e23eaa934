package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// passwordForm is the page to change the own password, by choice or as a required step.
func passwordForm(k *request) error {
	return showPassword(k, fiber.StatusOK, templates.Typed{})
}

func changePassword(k *request) error {
	token, _, err := k.Accounts.ChangePassword(k.ctx(), k.principal, k.FormValue("current"), k.FormValue("password"), k.FormValue("again"))
	if err != nil {
		form, ok := k.typed(err)
		if !ok {
			return err
		}
		return showPassword(k, httpx.Status(err), form)
	}
	if err := k.keepSession(token); err != nil {
		return err
	}
	return k.seeOther("/account", "m", "password_changed")
}

func showPassword(k *request, status int, form templates.Typed) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	policy, err := k.Accounts.Policy(k.ctx())
	if err != nil {
		return err
	}
	sessions, err := k.Store.SessionsOf(k.ctx(), k.principal.ID, k.Clock.Now())
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.PasswordPage{Panel: p, Forced: k.principal.RequiredStep == staff.StepPassword, Given: k.principal.MustChange,
		Rules: rules(policy), Others: max(0, len(sessions)-1)})
}

// rules are the rules for new passwords as a form shows them.
func rules(p staff.Policy) templates.PasswordRules {
	return templates.PasswordRules{Min: max(p.MinLength, staff.MinPassword), Mixed: p.Complexity}
}
