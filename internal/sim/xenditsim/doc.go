// Package xenditsim imitates Xendit's Payments API v2 for tests and demos: charges, payments, webhooks and every way they go wrong.
// It implements the protocol without the SDK and imports nothing of Gerai; it never talks to the real gateway.
// cmd/gerai-demo serves it, and tests run it in process or over HTTP.
package xenditsim
