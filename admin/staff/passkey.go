package staff

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// signInChallenge answers the script of the sign-in page with what the
// browser has to ask the authenticator.
func signInChallenge(k *web.Request) error {
	challenge, err := k.Accounts.SignInChallenge(k.UserContext(), k.From())
	return sendChallenge(k, challenge, err)
}

// passkeyChallenge does the same for a signed-in account.
func passkeyChallenge(k *web.Request) error {
	challenge, err := k.Accounts.PasskeyChallenge(k.AuditContext(), k.Principal)
	return sendChallenge(k, challenge, err)
}

// newPasskeyChallenge does the same for a passkey to be added.
func newPasskeyChallenge(k *web.Request) error {
	challenge, err := k.Accounts.NewPasskeyChallenge(k.AuditContext(), k.Principal)
	return sendChallenge(k, challenge, err)
}

func sendChallenge(k *web.Request, q staff.Challenge, err error) error {
	if err != nil {
		return err
	}
	return k.JSON(q)
}

// signInPasskey opens a session by a passkey alone.
func signInPasskey(k *web.Request) error {
	token, err := k.Accounts.SignInPasskey(k.UserContext(), k.FormValue("ceremony"), []byte(k.FormValue("credential")), k.From())
	if err != nil {
		return signInRefused(k, err)
	}
	if err := leave(k); err != nil {
		return err
	}
	return k.Enter(token, k.FormValue("next"))
}

// addPasskey keeps a new passkey and shows the recovery codes that come with
// the first factor.
func addPasskey(k *web.Request) error {
	e, err := k.Accounts.AddPasskey(k.AuditContext(), k.Principal, k.FormValue("ceremony"), k.FormValue("passkey_name"), []byte(k.FormValue("credential")))
	if err != nil {
		return twoFactorSettingsRefused(k, err, "passkey_name")
	}
	return enrolled(k, e, "passkey_added")
}

// removePasskey takes one off.
func removePasskey(k *web.Request) error {
	return k.Back("/account/second", "passkey_removed", k.Accounts.RemovePasskey(k.AuditContext(), k.Principal, k.Params("id")))
}
