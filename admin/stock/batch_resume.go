package stock

import "gerai/admin/web"

func resumeBatch(k *web.Request) error {
	return moveBatch(k, k.Shop.Stock.ResumeBatch, "batch.resumed")
}
