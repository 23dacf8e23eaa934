package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/staff"
)

// exportCatalogue sends the catalogue as a file that can be imported, with routers for those
// who may see these.
func exportCatalogue(k *web.Request) error {
	file, err := k.Shop.Catalogue.Export(k.AuditContext(), k.Actor(), k.Principal.May(staff.SeeRouters))
	if err != nil {
		return err
	}
	k.Set(fiber.HeaderContentType, "application/yaml; charset=utf-8")
	k.Set(fiber.HeaderContentDisposition, `attachment; filename="catalogue.yaml"`)
	return k.Send(file)
}
