package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// account shows the account's own page.
func account(k *web.Request) error {
	return showAccount(k, fiber.StatusOK, templates.Typed{})
}

func showAccount(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.AccountPage{Panel: p, Speaks: k.Principal.Lang, HasTwoFactor: k.Principal.HasTwoFactor, App: k.Principal.TOTP != "", PasswordAt: k.Principal.PasswordAt}
	sessions, err := k.Store.SessionsOf(k.AuditContext(), k.Principal.ID, k.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, templates.SessionLine{ID: staff.SessionName(s), Address: s.Address, Agent: s.Agent, Since: s.CreatedAt, Seen: s.SeenAt, This: s.TokenHash == k.Principal.Session.TokenHash})
	}
	keys, err := k.Store.CountPasskeys(k.AuditContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	left, err := k.Store.CountRecoveryCodes(k.AuditContext(), k.Principal.ID)
	page.Passkeys, page.CodesLeft = int(keys), int(left)
	if err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, page)
}

// saveAccount changes name and language.
func saveAccount(k *web.Request) error {
	if err := k.Accounts.Rename(k.AuditContext(), k.Principal, k.FormValue("name"), k.FormValue("lang")); err != nil {
		form, ok := k.Typed(err, "name", "lang")
		if !ok {
			return err
		}
		if form.Field == "" {
			form.Field = "name"
		}
		return showAccount(k, httpx.Status(err), form)
	}
	return k.SeeOther("/account", "m", "account_saved")
}
