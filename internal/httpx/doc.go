// Package httpx holds what every door needs from HTTP: the server with its limits, headers, errors, streams, compression and metrics.
// No page, no text for people, no use case and no template may live here; rendering is handed in.
// The composition root builds the server, the doors mount their routes on it and use the helpers in their handlers.
package httpx
