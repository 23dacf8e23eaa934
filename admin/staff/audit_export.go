package staff

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
)

// exportMost bounds one file of the panel; the command line exports everything.
const exportMost = 50_000

// exportAudit sends what the page's form finds as a file. A byte order mark
// makes spreadsheets read it as UTF-8.
func exportAudit(k *web.Request) error {
	f, err := auditFilter(k, auditQuery(k))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	file.WriteString("\ufeff")
	rows, err := k.Accounts.ExportAudit(k.AuditContext(), &file, f, exportMost)
	if err != nil {
		return err
	}
	if err := k.Accounts.NoteExport(k.AuditContext(), k.Principal, rows); err != nil {
		return err
	}
	k.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	k.Set(fiber.HeaderContentDisposition, `attachment; filename="audit-`+k.Clock.Now().In(k.Zone).Format("20060102-150405")+`.csv"`)
	return k.Send(file.Bytes())
}
