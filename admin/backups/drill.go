package backups

import (
	"gerai/admin/web"
	"gerai/internal/backup"
)

// drill queues a backup that is also restored.
func drill(k *web.Request) error {
	return k.Back("/backups", "backup.drill", k.Shop.Backups.Ask(k.AuditContext(), k.Actor(), backup.RunDrill))
}
