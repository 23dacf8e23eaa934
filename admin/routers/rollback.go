package routers

import (
	"archive/zip"
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/templates"
)

// rollbackForm shows the confirmation to roll the provisioning back.
func rollbackForm(k *web.Request) error { return confirmRollback(k, nil) }

// rollback takes back what setup did.
func rollback(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	o, err := provisioningOptions(k)
	if err == nil {
		err = k.TypedName(r.Name)
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(k.AuditContext(), provisioningTimeout)
		defer cancel()
		_, err = k.Shop.Routers.RollbackFromPanel(ctx, k.Principal.Actor(), r, o, k.Reason())
	}
	switch {
	case err == nil:
		return k.Back("/routers/"+r.ID+"/kit", "kit_undone", nil)
	case ours(err):
		return err
	}
	return confirmRollback(k, err)
}

func confirmRollback(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	steps, err := k.Shop.Routers.ProvisioningState(k.AuditContext(), r)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		if cause != nil {
			return cause
		}
		return k.SeeOther("/routers/" + r.ID + "/kit")
	}
	return sendRouterConfirmation(k, r, "kit", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		page := templates.RouterConfirmationPage{Act: "undo_kit", Want: r.Name, Back: p.At("/kit"), Action: p.At("/kit/undo"), Account: true}
		for _, st := range steps {
			page.Effects = append(page.Effects, p.T("routers.effect.step", "what", templates.StepText(p.Lang, st)))
		}
		return page
	})
}

// provisioningZip sends all provisioning files of a router as one archive, for
// installing by hand.
func provisioningZip(k *web.Request) error {
	r, files, err := provisioningFiles(k)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: "gerai-" + r.ID + "/" + f.Name, Method: zip.Deflate, Modified: k.Clock.Now()})
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte(f.Body)); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return download(k, "application/zip", "gerai-"+r.ID+".zip", b.Bytes())
}

// provisioningScript sends the provisioning script alone.
func provisioningScript(k *web.Request) error {
	r, files, err := provisioningFiles(k)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name == "setup.rsc" {
			return download(k, "application/octet-stream", "gerai-"+r.ID+".rsc", []byte(f.Body))
		}
	}
	return fiber.ErrNotFound
}

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
