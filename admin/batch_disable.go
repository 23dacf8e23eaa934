package admin

import (
	"gerai/internal/shop/stock"
	"gerai/internal/store"
	"gerai/templates"
)

// disableBatchForm shows what ending a batch's vouchers would do.
func disableBatchForm(k *request) error { return confirmDisable(k, nil) }

// disableBatch ends a batch's vouchers.
func disableBatch(k *request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	_, err = k.Shop.Stock.DisableBatch(k.ctx(), k.principal.AuditName(), stock.DisableIn{BatchID: b.ID, Typed: k.FormValue("typed"), Reason: k.reason(), Sold: k.FormValue("sold") == "1"})
	if err != nil {
		return showDisable(k, b, err)
	}
	return k.seeOther("/vouchers/batches/"+b.ID, "m", "batch.disabled")
}

// confirmDisable shows it.
func confirmDisable(k *request, cause error) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return showDisable(k, b, cause)
}

func showDisable(k *request, b store.Batch, cause error) error {
	status, form, err := k.confirmationForm(cause, "sold")
	if err != nil {
		return err
	}
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	n, err := k.Store.BatchCounts(k.ctx(), b.ID)
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, templates.DisableBatchPage{Panel: p, ID: b.ID, Code: b.Code, Token: k.confirmationToken(root + "/vouchers/batches/" + b.ID + "/disable"), Stock: n.By[store.VoucherStock], Sold: n.By[store.VoucherSold], Active: n.By[store.VoucherActive]})
}
