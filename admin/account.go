package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// account shows the account's own page.
func account(k *request) error {
	return showAccount(k, fiber.StatusOK, templates.Typed{})
}

func showAccount(k *request, status int, form templates.Typed) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.AccountPage{Panel: p, Speaks: k.principal.Lang, HasTwoFactor: k.principal.HasTwoFactor, App: k.principal.TOTP != "", PasswordAt: k.principal.PasswordAt}
	sessions, err := k.Store.SessionsOf(k.ctx(), k.principal.ID, k.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, templates.SessionLine{ID: staff.SessionName(s), Address: s.Address, Agent: s.Agent, Since: s.CreatedAt, Seen: s.SeenAt, This: s.TokenHash == k.principal.Session.TokenHash})
	}
	keys, err := k.Store.CountPasskeys(k.ctx(), k.principal.ID)
	if err != nil {
		return err
	}
	left, err := k.Store.CountRecoveryCodes(k.ctx(), k.principal.ID)
	page.Passkeys, page.CodesLeft = int(keys), int(left)
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}

// saveAccount changes name and language.
func saveAccount(k *request) error {
	if err := k.Accounts.Rename(k.ctx(), k.principal, k.FormValue("name"), k.FormValue("lang")); err != nil {
		form, ok := k.typed(err, "name", "lang")
		if !ok {
			return err
		}
		if form.Field == "" {
			form.Field = "name"
		}
		return showAccount(k, httpx.Status(err), form)
	}
	return k.seeOther("/account", "m", "account_saved")
}

// seenNews removes the notices that were shown.
func seenNews(k *request) error {
	return k.back("", "", k.Accounts.Seen(k.ctx(), k.principal))
}

// endSession ends one of the account's sessions.
func endSession(k *request) error {
	return k.back("/account", "session_ended", k.Accounts.EndSession(k.ctx(), k.principal, k.FormValue("session")))
}

// endOtherSessions ends all but this one.
func endOtherSessions(k *request) error {
	_, err := k.Accounts.EndOtherSessions(k.ctx(), k.principal)
	return k.back("/account", "sessions_ended", err)
}
