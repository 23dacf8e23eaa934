package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// account shows a person their own account.
func (d *Door) account(k *desk) error { return d.showAccount(k, fiber.StatusOK, templates.Typed{}) }

func (d *Door) showAccount(k *desk, status int, form templates.Typed) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.AccountPage{Panel: p, Speaks: k.person.Lang, HasFactor: k.person.HasFactor, App: k.person.TOTP != "", PasswordAt: k.person.PasswordAt}
	sessions, err := d.Store.SessionsOf(k.ctx(), k.person.ID, d.Clock.Now())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, templates.SessionLine{ID: staff.SessionName(s), Address: s.Address, Agent: s.Agent, Since: s.CreatedAt, Seen: s.SeenAt, This: s.TokenHash == k.person.Session.TokenHash})
	}
	keys, err := d.Store.CountPasskeys(k.ctx(), k.person.ID)
	if err != nil {
		return err
	}
	left, err := d.Store.CountRecoveryCodes(k.ctx(), k.person.ID)
	page.Passkeys, page.CodesLeft = int(keys), int(left)
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}

// saveAccount changes name and language.
func (d *Door) saveAccount(k *desk) error {
	if err := d.Office.Rename(k.ctx(), k.person, k.FormValue("name"), k.FormValue("lang")); err != nil {
		form, ok := k.typed(err, "name", "lang")
		if !ok {
			return err
		}
		if form.Field == "" {
			form.Field = "name"
		}
		return d.showAccount(k, httpx.Status(err), form)
	}
	return k.see("/account", "m", "account_saved")
}

// seenNews forgets what the person has been told.
func (d *Door) seenNews(k *desk) error { return k.back("", "", d.Office.Seen(k.ctx(), k.person)) }

// endSession ends one of the person's sessions.
func (d *Door) endSession(k *desk) error {
	return k.back("/account", "session_ended", d.Office.EndSession(k.ctx(), k.person, k.FormValue("session")))
}

// endOtherSessions ends all but this one.
func (d *Door) endOtherSessions(k *desk) error {
	_, err := d.Office.EndOtherSessions(k.ctx(), k.person)
	return k.back("/account", "sessions_ended", err)
}
