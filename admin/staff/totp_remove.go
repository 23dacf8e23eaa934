package staff

import "gerai/admin/web"

// removeTOTP takes the app off.
func removeTOTP(k *web.Request) error {
	return k.Back("/account/second", "totp_removed", k.Accounts.RemoveTOTP(k.AuditContext(), k.Principal))
}
