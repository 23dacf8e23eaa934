package staff

import "gerai/admin/web"

func endSessionsOf(k *web.Request) error {
	_, err := k.Accounts.EndSessionsOf(k.AuditContext(), k.Principal.Actor(), k.Params("id"))
	return managed(k, "", "sessions_ended", err)
}
