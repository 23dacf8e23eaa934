package stock

import "gerai/admin/web"

func pauseBatch(k *web.Request) error {
	return moveBatch(k, k.Shop.Stock.PauseBatch, "batch.paused")
}
