package staff

import "gerai/admin/web"

// removePasskey takes one off.
func removePasskey(k *web.Request) error {
	return k.Back("/account/second", "passkey_removed", k.Accounts.RemovePasskey(k.AuditContext(), k.Principal, k.Params("id")))
}
