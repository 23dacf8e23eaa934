package staff

import "gerai/admin/web"

func resetTwoFactor(k *web.Request) error {
	return managed(k, "reset", "second_reset", k.Accounts.ResetTwoFactor(k.AuditContext(), k.Principal.Actor(), k.Params("id"), confirmed(k)))
}
