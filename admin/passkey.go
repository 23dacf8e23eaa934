package admin

import (
	"gerai/internal/staff"
)

// askSignInPasskey answers the script of the sign-in page with what the
// browser has to ask the authenticator.
func (d *Door) askSignInPasskey(k *desk) error {
	return k.question(d.Office.AskAnyPasskey(k.UserContext(), k.from()))
}

// askPasskey does the same for somebody who is known.
func (d *Door) askPasskey(k *desk) error { return k.question(d.Office.AskPasskey(k.ctx(), k.person)) }

// askNewPasskey does the same for a passkey to be added.
func (d *Door) askNewPasskey(k *desk) error {
	return k.question(d.Office.AskNewPasskey(k.ctx(), k.person))
}

func (k *desk) question(q staff.Question, err error) error {
	if err != nil {
		return err
	}
	return k.JSON(q)
}

// signInPasskey opens a session by a passkey alone.
func (d *Door) signInPasskey(k *desk) error {
	token, err := d.Office.SignInPasskey(k.UserContext(), k.FormValue("ceremony"), []byte(k.FormValue("credential")), k.from())
	if err != nil {
		return d.signInRefused(k, err)
	}
	if err := d.leave(k); err != nil {
		return err
	}
	return k.enter(token, k.FormValue("next"))
}

// addPasskey keeps a new passkey and shows the recovery codes that come with
// the first factor.
func (d *Door) addPasskey(k *desk) error {
	e, err := d.Office.AddPasskey(k.ctx(), k.person, k.FormValue("ceremony"), k.FormValue("passkey_name"), []byte(k.FormValue("credential")))
	if err != nil {
		return d.factorsRefused(k, err, "passkey_name")
	}
	return d.enrolled(k, e, "passkey_added")
}

// removePasskey takes one off.
func (d *Door) removePasskey(k *desk) error {
	return k.back("/account/second", "passkey_removed", d.Office.RemovePasskey(k.ctx(), k.person, k.Params("id")))
}
