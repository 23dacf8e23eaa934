package refunds

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/store"
)

// proof sends the picture or PDF as a download: a browser never renders it inside the
// panel.
func proof(k *web.Request) error {
	f, _, err := refundOf(k)
	if err != nil {
		return err
	}
	p, found, err := k.Store.Proof(k.AuditContext(), f.ID)
	if err != nil {
		return err
	}
	if !found {
		return store.ErrRefundNotFound
	}
	ending := map[string]string{"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}[p.MediaType]
	httpx.SetCSP(k.Ctx, "default-src 'none'; sandbox")
	k.Set(fiber.HeaderContentType, p.MediaType)
	k.Set(fiber.HeaderContentDisposition, `attachment; filename="bukti-`+f.ID+`.`+ending+`"`)
	return k.Send(p.Body)
}
