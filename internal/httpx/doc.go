// Package httpx holds what every handler needs from HTTP: the server with its limits, headers, errors, streams, compression and metrics.
// No page, no text for people, no use case and no template may live here; rendering is passed in.
// The composition root builds the server, the handlers mount their routes on it and use its helpers.
package httpx
