package admin

import (
	"gerai/internal/staff"
)

// signInChallenge answers the script of the sign-in page with what the
// browser has to ask the authenticator.
func signInChallenge(k *request) error {
	challenge, err := k.Accounts.SignInChallenge(k.UserContext(), k.from())
	return sendChallenge(k, challenge, err)
}

// passkeyChallenge does the same for a signed-in account.
func passkeyChallenge(k *request) error {
	challenge, err := k.Accounts.PasskeyChallenge(k.ctx(), k.principal)
	return sendChallenge(k, challenge, err)
}

// newPasskeyChallenge does the same for a passkey to be added.
func newPasskeyChallenge(k *request) error {
	challenge, err := k.Accounts.NewPasskeyChallenge(k.ctx(), k.principal)
	return sendChallenge(k, challenge, err)
}

func sendChallenge(k *request, q staff.Challenge, err error) error {
	if err != nil {
		return err
	}
	return k.JSON(q)
}

// signInPasskey opens a session by a passkey alone.
func signInPasskey(k *request) error {
	token, err := k.Accounts.SignInPasskey(k.UserContext(), k.FormValue("ceremony"), []byte(k.FormValue("credential")), k.from())
	if err != nil {
		return signInRefused(k, err)
	}
	if err := leave(k); err != nil {
		return err
	}
	return k.enter(token, k.FormValue("next"))
}

// addPasskey keeps a new passkey and shows the recovery codes that come with
// the first factor.
func addPasskey(k *request) error {
	e, err := k.Accounts.AddPasskey(k.ctx(), k.principal, k.FormValue("ceremony"), k.FormValue("passkey_name"), []byte(k.FormValue("credential")))
	if err != nil {
		return twoFactorSettingsRefused(k, err, "passkey_name")
	}
	return enrolled(k, e, "passkey_added")
}

// removePasskey takes one off.
func removePasskey(k *request) error {
	return k.back("/account/second", "passkey_removed", k.Accounts.RemovePasskey(k.ctx(), k.principal, k.Params("id")))
}
