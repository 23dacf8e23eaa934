package staff

import (
	"gerai/admin/web"
	"gerai/internal/staff"
)

// passkeyChallenge does the same for a signed-in account.
func passkeyChallenge(k *web.Request) error {
	challenge, err := k.Accounts.PasskeyChallenge(k.AuditContext(), k.Principal)
	return sendChallenge(k, challenge, err)
}

func sendChallenge(k *web.Request, q staff.Challenge, err error) error {
	if err != nil {
		return err
	}
	return k.JSON(q)
}
