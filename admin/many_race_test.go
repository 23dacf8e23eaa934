//go:build race

package admin

// many is fewer under the race detector, which makes the client library, a
// goroutine for every read, some twenty times slower.
const many = 6_000
