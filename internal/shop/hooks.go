package shop

import (
	"context"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
)

// Hooks are the calls that run against the order of the areas. New sets them.
type Hooks struct {
	// Views keeps the pages of orders for a moment; a change drops its page.
	Views interface{ Drop(order.ID) }
	// RefundEvent handles a gateway message about a refund.
	RefundEvent func(context.Context, jobs.Job, store.WebhookEvent) error
	// RouterBack runs in order whenever a router answers; the first error ends it.
	RouterBack []func(context.Context, catalog.Router, hotspot.Health) error
	// CorrectTimes puts right what a wrong clock wrote, before anything ends.
	CorrectTimes func(context.Context) error
	// AlertAcknowledged runs after an alert was acknowledged.
	AlertAcknowledged func()
}
