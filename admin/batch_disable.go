package admin

import (
	"gerai/internal/shop/stock"
	"gerai/internal/store"
	"gerai/templates"
)

// disableBatchForm shows what ending a batch's vouchers would do.
func (d *Handler) disableBatchForm(k *request) error { return d.confirmDisable(k, nil) }

// disableBatch ends a batch's vouchers.
func (d *Handler) disableBatch(k *request) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	_, err = d.Shop.Stock.DisableBatch(k.ctx(), k.principal.AuditName(), stock.DisableIn{BatchID: b.ID, Typed: k.FormValue("typed"), Reason: k.reason(), Sold: k.FormValue("sold") == "1"})
	if err != nil {
		return d.showDisable(k, b, err)
	}
	return k.seeOther("/vouchers/batches/"+b.ID, "m", "batch.disabled")
}

// confirmDisable shows it.
func (d *Handler) confirmDisable(k *request, cause error) error {
	b, err := d.batchOf(k)
	if err != nil {
		return err
	}
	return d.showDisable(k, b, cause)
}

func (d *Handler) showDisable(k *request, b store.Batch, cause error) error {
	status, form, err := k.confirmationForm(cause, "sold")
	if err != nil {
		return err
	}
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	n, err := d.Store.BatchCounts(k.ctx(), b.ID)
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, templates.DisableBatchPage{Panel: p, ID: b.ID, Code: b.Code, Token: k.confirmationToken(root + "/vouchers/batches/" + b.ID + "/disable"), Stock: n.By[store.VoucherStock], Sold: n.By[store.VoucherSold], Active: n.By[store.VoucherActive]})
}
