package storefront

import (
	"net/http"
	"strings"
	"time"
)

// How long a page may take, and an act that waits for the database and a moment for the
// gateway. Beyond that the database has no time, and the visitor is told so.
const (
	pageTime = 3 * time.Second
	actTime  = 5 * time.Second
)

// Deadline is how long a request of the shop may take; 0 is what the server gives: for
// acts that ask a router or read the gateway, and for what is not the shop's.
func Deadline(method, at string) time.Duration {
	ours := at == "/" || at == "/klaim" || strings.HasPrefix(at, "/h/") || strings.HasPrefix(at, "/H/") || strings.HasPrefix(at, "/o/")
	switch {
	case !ours:
		return 0
	case method == http.MethodGet || method == http.MethodHead:
		return pageTime
	}
	switch at[strings.LastIndexByte(at, '/')+1:] {
	case "check", "connect", "pass", "move":
		return 0
	}
	return actTime
}
