package staff

import "gerai/admin/web"

func enableStaff(k *web.Request) error {
	return web.BackOrError(k, "/staff/"+k.Params("id"), "staff_enabled", k.Accounts.Enable(k.AuditContext(), k.Principal.Actor(), k.Params("id")))
}
