package routers

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
)

func provisioningFiles(k *web.Request) (catalog.Router, []hotspot.Page, error) {
	r, err := router(k)
	if err != nil {
		return r, nil, err
	}
	files, err := k.Handler.Shop.Routers.ProvisioningDownload(k.AuditContext(), k.Principal.Actor(), r, routers.ProvisioningOptions{})
	return r, files, err
}

// download sends a file. Router ids are letters, digits, - and _.
func download(k *web.Request, kind, name string, body []byte) error {
	k.Set(fiber.HeaderContentType, kind)
	k.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return k.Send(body)
}
