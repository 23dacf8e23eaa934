package stock

import (
	"gerai/admin/web"
	"gerai/internal/shop/stock"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// disableBatchForm shows what ending a batch's vouchers would do.
func disableBatchForm(k *web.Request) error { return confirmDisable(k, nil) }

// disableBatch ends a batch's vouchers.
func disableBatch(k *web.Request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	_, err = k.Shop.Stock.DisableBatch(k.AuditContext(), k.Principal.Actor(), stock.DisableIn{BatchID: b.ID, Typed: k.FormValue("typed"), Reason: k.Reason(), Sold: k.FormValue("sold") == "1"})
	if err != nil {
		return showDisable(k, b, err)
	}
	return k.SeeOther("/vouchers/batches/"+b.ID, "m", "batch.disabled")
}

// confirmDisable shows it.
func confirmDisable(k *web.Request, cause error) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	return showDisable(k, b, cause)
}

func showDisable(k *web.Request, b store.Batch, cause error) error {
	status, p, err := k.ConfirmationPanel(cause, "vouchers", "sold")
	if err != nil {
		return err
	}
	n, err := k.Store.BatchCounts(k.AuditContext(), b.ID)
	if err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, templates.DisableBatchPage{Panel: p, ID: b.ID, Code: b.Code, Token: k.ConfirmationToken(web.Root + "/vouchers/batches/" + b.ID + "/disable"), Stock: n.By[voucher.Stock], Sold: n.By[voucher.Sold], Active: n.By[voucher.Active]})
}
