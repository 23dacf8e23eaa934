package staff

import "gerai/admin/web"

// signInChallenge answers the script of the sign-in page with what the
// browser has to ask the authenticator.
func signInChallenge(k *web.Request) error {
	challenge, err := k.Accounts.SignInChallenge(k.UserContext(), k.From())
	return sendChallenge(k, challenge, err)
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
