package backups

import (
	"gerai/admin/web"
	"gerai/internal/backup"
)

// backUp queues a backup.
func backUp(k *web.Request) error {
	return k.Back("/backups", "backup.now", k.Shop.Backups.Ask(k.AuditContext(), k.Actor(), backup.RunBackup))
}
