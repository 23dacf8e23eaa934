package staff

import "gerai/admin/web"

// newPasskeyChallenge does the same for a passkey to be added.
func newPasskeyChallenge(k *web.Request) error {
	challenge, err := k.Accounts.NewPasskeyChallenge(k.AuditContext(), k.Principal)
	return sendChallenge(k, challenge, err)
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
