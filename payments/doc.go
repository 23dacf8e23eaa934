// Package payments is the port to a payment gateway: what the shop asks of one and the words both sides use.
// No HTTP framework, no SQL and no gateway's own types may live here; amounts are money.Rupiah.
// Use cases in internal/shop call it, payments/xendit implements it, payments/webhook passes it raw notifications.
package payments
