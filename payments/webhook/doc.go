// Package webhook handles the gateway's messages: it verifies one, records it, and answers.
// No thinking about orders, no SQL and no gateway's own format may live here.
// The composition root mounts it; it calls the gateway port to verify and internal/shop to record.
package webhook
