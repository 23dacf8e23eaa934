package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// account shows the account's own page.
func (d *Handler) account(k *request) error {
	return d.showAccount(k, fiber.StatusOK, templates.Typed{})
}

func (d *Handler) showAccount(k *request, status int, form templates.Typed) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.AccountPage{Panel: p, Speaks: k.principal.Lang, HasTwoFactor: k.principal.HasTwoFactor, App: k.principal.TOTP != "", PasswordAt: k.principal.PasswordAt}
	sessions, err := d.Store.SessionsOf(k.ctx(), k.principal.ID, d.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, templates.SessionLine{ID: staff.SessionName(s), Address: s.Address, Agent: s.Agent, Since: s.CreatedAt, Seen: s.SeenAt, This: s.TokenHash == k.principal.Session.TokenHash})
	}
	keys, err := d.Store.CountPasskeys(k.ctx(), k.principal.ID)
	if err != nil {
		return err
	}
	left, err := d.Store.CountRecoveryCodes(k.ctx(), k.principal.ID)
	page.Passkeys, page.CodesLeft = int(keys), int(left)
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}

// saveAccount changes name and language.
func (d *Handler) saveAccount(k *request) error {
	if err := d.Accounts.Rename(k.ctx(), k.principal, k.FormValue("name"), k.FormValue("lang")); err != nil {
		form, ok := k.typed(err, "name", "lang")
		if !ok {
			return err
		}
		if form.Field == "" {
			form.Field = "name"
		}
		return d.showAccount(k, httpx.Status(err), form)
	}
	return k.seeOther("/account", "m", "account_saved")
}

// seenNews removes the notices that were shown.
func (d *Handler) seenNews(k *request) error {
	return k.back("", "", d.Accounts.Seen(k.ctx(), k.principal))
}

// endSession ends one of the account's sessions.
func (d *Handler) endSession(k *request) error {
	return k.back("/account", "session_ended", d.Accounts.EndSession(k.ctx(), k.principal, k.FormValue("session")))
}

// endOtherSessions ends all but this one.
func (d *Handler) endOtherSessions(k *request) error {
	_, err := d.Accounts.EndOtherSessions(k.ctx(), k.principal)
	return k.back("/account", "sessions_ended", err)
}
