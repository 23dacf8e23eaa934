package staff

import "gerai/admin/web"

func disableStaff(k *web.Request) error {
	return managed(k, "disable", "staff_disabled", k.Accounts.Disable(k.AuditContext(), k.Principal.Actor(), k.Params("id"), confirmed(k)))
}
