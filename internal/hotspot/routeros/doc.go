// Package routeros drives MikroTik routers through their API, inside a harness that the client library needs.
// It is the only importer of go-routeros; no order rule, SQL or HTTP may live here, and no sentence is ever logged.
// The composition root builds it; internal/shop uses it through the hotspot.Driver port.
package routeros
