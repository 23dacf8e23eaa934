// Package webhook is the gateway's door: it verifies a message, keeps it, and answers.
// No thinking about orders, no SQL and no gateway's own format may live here.
// The composition root mounts it; it calls the gateway port to verify and internal/shop to keep.
package webhook
