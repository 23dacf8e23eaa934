package httpx

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// gate refuses, before any handler sees it, a request that two programs could
// read differently (400) and a body that is packed (415). It looks at the
// headers as they came over the wire and never at the body: the framework
// unpacks bodies and forms without a bound, so that a hundred bytes could take
// gigabytes. Browsers and the gateway pack nothing.
func gate(c *fiber.Ctx) error {
	h := &c.Request().Header
	seen, ok := scanHeaders(h.RawHeaders())
	switch {
	case !ok, seen.length && seen.transfer, seen.identityTransfer, len(h.PeekTrailerKeys()) > 0, !hostAgrees(c):
		c.Context().SetConnectionClose() // where the next request begins is not certain
		return fiber.ErrBadRequest
	case seen.packed:
		c.Set(fiber.HeaderAcceptEncoding, "identity") // RFC 9110, 15.5.16
		return fiber.ErrUnsupportedMediaType
	}
	h.Del(fiber.HeaderContentEncoding) // "identity" is no coding, and the form readers refuse it
	return nil
}

// hostAgrees reports whether version, target and Host header leave one reading:
// HTTP/1.1 names its host, and a target that is a whole address names the same.
func hostAgrees(c *fiber.Ctx) bool {
	h := &c.Request().Header
	switch string(h.Protocol()) {
	case "HTTP/1.1":
		if len(h.Host()) == 0 {
			return false
		}
	case "HTTP/1.0":
	default:
		return false
	}
	target := h.RequestURI()
	if len(target) > 0 && target[0] == '/' {
		return true
	}
	scheme, rest, absolute := strings.Cut(string(target), "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	return absolute && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) && strings.EqualFold(host, string(h.Host()))
}

// headerScan is what the header lines say about the body.
type headerScan struct {
	length, transfer, identityTransfer, packed bool
}

// scanHeaders reads the header lines of one request, without its first line. ok
// is false for a line that ends in a bare line feed, for a line that continues
// the one before it, which RFC 9112 lets a server refuse, and for a name that is
// no token.
func scanHeaders(raw []byte) (seen headerScan, ok bool) {
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n')
		if end < 1 || raw[end-1] != '\r' || raw[0] == ' ' || raw[0] == '\t' {
			return seen, false
		}
		name, value, _ := bytes.Cut(raw[:end-1], []byte{':'})
		raw = raw[end+1:]
		if len(raw) > 0 && !token(name) { // the last line is empty
			return seen, false
		}
		switch {
		case foldEqual(name, fiber.HeaderContentLength):
			seen.length = true
		case foldEqual(name, fiber.HeaderTransferEncoding):
			seen.transfer = true
			seen.identityTransfer = seen.identityTransfer || !foldEqual(bytes.TrimSpace(value), "chunked")
		case foldEqual(name, fiber.HeaderContentEncoding):
			coding := bytes.TrimSpace(value)
			seen.packed = seen.packed || len(coding) > 0 && !foldEqual(coding, "identity")
		}
	}
	return seen, true
}

// token reports whether a header's name is one that RFC 9110, 5.6.2 allows.
func token(name []byte) bool {
	for _, b := range name {
		if !tokenBytes[b] {
			return false
		}
	}
	return len(name) > 0
}

// tokenBytes are the bytes of a token.
var tokenBytes = func() (out [256]bool) {
	for b := '!'; b <= '~'; b++ {
		out[b] = !strings.ContainsRune("\"(),/:;<=>?@[\\]{}", b)
	}
	return out
}()

func foldEqual(b []byte, s string) bool { return len(b) == len(s) && strings.EqualFold(string(b), s) }
