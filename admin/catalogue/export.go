package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
)

// exportCatalogue sends the catalogue as a file that can be imported.
func exportCatalogue(k *web.Request) error {
	c, err := k.Store.Catalogue(k.AuditContext())
	if err != nil {
		return err
	}
	k.Set(fiber.HeaderContentType, "application/yaml; charset=utf-8")
	k.Set(fiber.HeaderContentDisposition, `attachment; filename="catalogue.yaml"`)
	return k.Send(c.Document())
}
