package admin

import (
	"gerai/internal/staff"
)

// signInChallenge answers the script of the sign-in page with what the
// browser has to ask the authenticator.
func (d *Handler) signInChallenge(k *request) error {
	return k.sendChallenge(d.Accounts.SignInChallenge(k.UserContext(), k.from()))
}

// passkeyChallenge does the same for a signed-in account.
func (d *Handler) passkeyChallenge(k *request) error {
	return k.sendChallenge(d.Accounts.PasskeyChallenge(k.ctx(), k.principal))
}

// newPasskeyChallenge does the same for a passkey to be added.
func (d *Handler) newPasskeyChallenge(k *request) error {
	return k.sendChallenge(d.Accounts.NewPasskeyChallenge(k.ctx(), k.principal))
}

func (k *request) sendChallenge(q staff.Challenge, err error) error {
	if err != nil {
		return err
	}
	return k.JSON(q)
}

// signInPasskey opens a session by a passkey alone.
func (d *Handler) signInPasskey(k *request) error {
	token, err := d.Accounts.SignInPasskey(k.UserContext(), k.FormValue("ceremony"), []byte(k.FormValue("credential")), k.from())
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
func (d *Handler) addPasskey(k *request) error {
	e, err := d.Accounts.AddPasskey(k.ctx(), k.principal, k.FormValue("ceremony"), k.FormValue("passkey_name"), []byte(k.FormValue("credential")))
	if err != nil {
		return d.twoFactorSettingsRefused(k, err, "passkey_name")
	}
	return d.enrolled(k, e, "passkey_added")
}

// removePasskey takes one off.
func (d *Handler) removePasskey(k *request) error {
	return k.back("/account/second", "passkey_removed", d.Accounts.RemovePasskey(k.ctx(), k.principal, k.Params("id")))
}
