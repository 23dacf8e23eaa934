package staff

import "gerai/admin/web"

func reassign(k *web.Request) error {
	return managed(k, "post", "staff_reassigned", k.Accounts.Reassign(k.AuditContext(), k.Principal.Actor(), k.Params("id"), assignment(k), confirmed(k)))
}
