package stock

import "gerai/admin/web"

func cancelBatch(k *web.Request) error {
	return moveBatch(k, k.Shop.Stock.CancelBatch, "batch.cancelled")
}
