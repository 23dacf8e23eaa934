package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/shop"
	"gerai/internal/store"
	"gerai/templates"
)

// disableBatchForm shows what ending a batch's vouchers would do.
func (d *Door) disableBatchForm(k *desk) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	return d.showDisable(k, fiber.StatusOK, b, templates.Typed{})
}

// disableBatch ends a batch's vouchers.
func (d *Door) disableBatch(k *desk) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	_, err = d.Shop.DisableBatch(k.ctx(), k.person.Actor(), shop.DisableIn{BatchID: b.ID, Confirm: k.FormValue("confirm"), Reason: k.FormValue("reason"), Sold: k.FormValue("sold") == "1"})
	if form, refused := k.typed(err, "confirm", "reason", "sold"); refused {
		return d.showDisable(k, httpx.Status(err), b, form)
	}
	return k.back("/vouchers/batches/"+b.ID, "batch.disabled", err)
}

func (d *Door) showDisable(k *desk, status int, b store.Batch, form templates.Typed) error {
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	n, err := d.Store.BatchCounts(k.ctx(), b.ID)
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, templates.DisableBatchPage{Panel: p, ID: b.ID, Code: b.Code, Stock: n.By[store.VoucherStock], Sold: n.By[store.VoucherSold], Active: n.By[store.VoucherActive]})
}
