package stock

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/counter"
)

// assignBatch assigns vouchers to an outlet, or returns them to the counter.
func assignBatch(k *web.Request) error {
	b, err := batchOf(k)
	if err != nil {
		return err
	}
	in := counter.HandOutIn{BatchID: b.ID, OutletID: k.FormValue("outlet")}
	if in.First, err = web.Number(k, "first", "batch.range"); err == nil {
		if in.Last, err = web.Number(k, "last", "batch.range"); err == nil {
			var n int64
			if n, err = k.Shop.Counter.AssignStock(k.AuditContext(), k.Principal.Actor(), in); err == nil && n == 0 {
				err = fault.AtField("first", "batch.none_moved")
			}
		}
	}
	if form, refused := k.Typed(err, "outlet", "first", "last"); refused {
		return showBatch(k, httpx.Status(err), b, form)
	}
	return k.Back("/vouchers/batches/"+b.ID, "batch.assigned", err)
}
