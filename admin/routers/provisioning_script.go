package routers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
)

// provisioningScript sends the provisioning script alone.
func provisioningScript(k *web.Request) error {
	r, files, err := provisioningFiles(k)
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".rsc") {
			return download(k, "application/octet-stream", "gerai-"+r.ID+".rsc", []byte(f.Body))
		}
	}
	return fiber.ErrNotFound
}
