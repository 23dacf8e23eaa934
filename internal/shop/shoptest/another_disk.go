package shoptest

import (
	"context"

	"gerai/internal/cache"
	"gerai/internal/shop"
	"gerai/internal/store"
)

// OnAnotherDisk has the shop forget its database and all that it remembers, and start on
// another database with the same keys. Gateway, routers and clock go on. Nothing may be
// under way.
func (k *Harness) OnAnotherDisk(database string) {
	k.Helper()
	k.Must(k.Store.Close())
	k.Must(k.Cache.Close())
	var err error
	k.Store, err = store.Open(context.Background(), store.Options{Database: database, Keys: k.Keys, Clock: k.Clock, Log: k.Shop.Log})
	k.Must(err)
	k.Cache = cache.NewMemory(k.Clock)
	o := k.options
	o.Store, o.Cache = k.Store, k.Cache
	k.Shop = shop.New(o)
	k.Runner = k.NewRunner()
}
