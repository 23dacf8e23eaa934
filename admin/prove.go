package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/templates"
)

// askProof sends a person to prove again who they are. A form that was posted
// is not kept: its page is where they come back to.
func (d *Door) askProof(k *desk) error {
	next := string(k.Request().URI().RequestURI())
	if k.Method() != fiber.MethodGet {
		next = inside(k.FormValue("back"))
	}
	return k.see("/prove", "next", next)
}

func (d *Door) proveForm(k *desk) error {
	return d.showProve(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// prove checks the second factor, or the password of those who have none, and
// goes on.
func (d *Door) prove(k *desk) error {
	var token string
	var err error
	if k.person.HasFactor {
		token, err = d.Office.ProveSecond(k.ctx(), k.person, k.FormValue("code"))
	} else {
		token, err = d.Office.Prove(k.ctx(), k.person, k.FormValue("password"))
	}
	return d.proved(k, token, err)
}

// provePasskey checks a passkey's answer.
func (d *Door) provePasskey(k *desk) error {
	token, err := d.Office.ProvePasskey(k.ctx(), k.person, k.FormValue("ceremony"), []byte(k.FormValue("credential")))
	return d.proved(k, token, err)
}

// proved hands over the renewed session. Two proofs at once renew it once: the
// later one finds the session of the earlier by way of the sign-in page.
func (d *Door) proved(k *desk, token string, err error) error {
	next := k.FormValue("next")
	if err == nil {
		return k.enter(token, next)
	}
	if fault.CodeOf(err) == "staff.signed_out" {
		return k.see("/login", "m", "staff.signed_out", "next", inside(next))
	}
	form, ok := k.typed(err)
	if !ok {
		return err
	}
	return d.showProve(k, httpx.Status(err), form, next)
}

func (d *Door) showProve(k *desk, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.ProvePage{Panel: p, Next: inside(next), Code: k.person.HasFactor, App: k.person.TOTP != ""}
	if k.person.HasFactor && d.Office.Passkeys() {
		keys, err := d.Store.CountPasskeys(k.ctx(), k.person.ID)
		if err != nil {
			return err
		}
		page.Passkey = keys > 0
	}
	return k.send(status, p.Theme, page)
}
