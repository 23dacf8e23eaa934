package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/picture"
	"gerai/internal/staff"
	"gerai/templates"
)

// factors shows a person's second factors.
func (d *Door) factors(k *desk) error { return d.showFactors(k, fiber.StatusOK, templates.Typed{}) }

func (d *Door) factorsRefused(k *desk, err error, fields ...string) error {
	form, ok := k.typed(err, fields...)
	if !ok {
		return err
	}
	return d.showFactors(k, httpx.Status(err), form)
}

func (d *Door) showFactors(k *desk, status int, form templates.Typed) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.FactorsPage{Panel: p, Forced: k.person.Owes == staff.OwesFactor, App: k.person.TOTP != "", HasFactor: k.person.HasFactor, CanPasskey: d.Office.Passkeys(), Codes: staff.RecoveryCodes}
	keys, err := d.Store.PasskeysOf(k.ctx(), k.person.ID)
	if err != nil {
		return err
	}
	for _, key := range keys {
		page.Keys = append(page.Keys, templates.PasskeyLine{ID: key.ID, Name: key.Name, Since: key.CreatedAt, Used: key.UsedAt})
	}
	left, err := d.Store.CountRecoveryCodes(k.ctx(), k.person.ID)
	if err != nil {
		return err
	}
	page.CodesLeft = int(left)
	return k.send(status, p.Theme, page)
}

// pendingPurpose binds a secret that is not yet anybody's to the person who is
// about to take it.
func pendingPurpose(p staff.Person) string { return "totp-setup:" + p.ID }

// totpForm shows a fresh secret. It travels back sealed in the form, so that
// nothing is kept of people who only look.
func (d *Door) totpForm(k *desk) error {
	if k.person.TOTP != "" {
		return k.see("/account/second")
	}
	p, err := k.panel("")
	if err != nil {
		return err
	}
	fresh, err := d.Office.NewTOTP(p.Brand().Name, k.person)
	if err != nil {
		return err
	}
	return d.showTOTP(k, fiber.StatusOK, p, fresh)
}

func (d *Door) showTOTP(k *desk, status int, p templates.Panel, s staff.TOTPSetup) error {
	png, err := picture.QR(s.URI)
	if err != nil {
		return err
	}
	sealed, err := d.Keys.Seal(s.Secret, pendingPurpose(k.person))
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, templates.TOTPPage{Panel: p, Secret: s.Secret, Pending: sealed, QR: inPage(png)})
}

// enrolTOTP checks the first code and shows the recovery codes.
func (d *Door) enrolTOTP(k *desk) error {
	secret, _, err := d.Keys.Open(k.FormValue("pending"), pendingPurpose(k.person))
	if err != nil {
		return k.see("/account/second/app")
	}
	e, err := d.Office.EnrolTOTP(k.ctx(), k.person, secret, k.FormValue("code"))
	if err != nil {
		form, ok := k.typed(err)
		if !ok || k.person.TOTP != "" {
			return k.back("/account/second", "", err)
		}
		p, panelErr := k.panel("")
		if panelErr != nil {
			return panelErr
		}
		p.Form = form
		return d.showTOTP(k, httpx.Status(err), p, staff.SameTOTP(p.Brand().Name, k.person, secret))
	}
	return d.enrolled(k, e, "totp_added")
}

// enrolled hands over the new session and shows the codes, once.
func (d *Door) enrolled(k *desk, e staff.Enrolled, done string) error {
	if err := k.keepSession(e.Token); err != nil {
		return err
	}
	if len(e.Codes) == 0 {
		return k.see("/account/second", "m", done)
	}
	// The page's forms belong to the new session.
	k.Request().Header.SetCookie(d.cookie("session"), e.Token)
	return d.showCodes(k, e.Codes)
}

// newCodes replaces the recovery codes and shows them, once.
func (d *Door) newCodes(k *desk) error {
	codes, err := d.Office.NewRecovery(k.ctx(), k.person)
	if err != nil {
		return k.back("/account/second", "", err)
	}
	return d.showCodes(k, codes)
}

func (d *Door) showCodes(k *desk, codes []string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, templates.CodesPage{Panel: p, Codes: codes})
}

// removeTOTP takes the app off.
func (d *Door) removeTOTP(k *desk) error {
	return k.back("/account/second", "totp_removed", d.Office.RemoveTOTP(k.ctx(), k.person))
}
