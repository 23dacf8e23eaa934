package staff

import "gerai/admin/web"

// seenNews removes the notices that were shown.
func seenNews(k *web.Request) error {
	return k.Back("", "", k.Accounts.Seen(k.AuditContext(), k.Principal))
}
