// Package orders places orders, creates charges, takes webhook events, reconciles with what the gateway says, sweeps, and reads an order's page and detail.
// Refunds, sales for cash and the router may not be touched here, and no status is decided outside order.Derive.
// The storefront, the webhook, the job runner and the panel call it.
package orders
