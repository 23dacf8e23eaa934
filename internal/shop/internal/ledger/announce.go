package ledger

import (
	"context"
	"time"

	"gerai/internal/cache"
	"gerai/internal/order"
)

// Announce tells open pages, on every replica, that an order changed.
func (s *Ledger) Announce(id order.ID) {
	s.DropView(id)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.Cache.Publish(ctx, OrderTopic(id), "")
}

// DropView forgets what is kept of an order's page in this process.
func (s *Ledger) DropView(id order.ID) { s.Views.Drop(id) }

// CatalogueChanged tells every page, on every replica, that what it shows of sites, plans and
// prices may have changed.
func CatalogueChanged(ctx context.Context, bus cache.Bus) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	bus.Publish(ctx, TopicCatalogue, "")
}

// wake tells runners, on every replica, that a queue has work.
func (s *Ledger) wake(queue string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.Cache.Publish(ctx, TopicJobs, queue)
}
