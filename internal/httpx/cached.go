package httpx

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Cached is an answer made once and sent often. Its bytes must not change
// after NewCached.
type Cached struct {
	Type string // content type
	Body []byte
	Gzip []byte // nil when it would not be smaller
	ETag string // quoted, of the plain body
}

// NewCached packs the body as tightly as gzip can and names it by its content.
func NewCached(contentType string, body []byte) Cached {
	sum := sha256.Sum256(body)
	out := Cached{Type: contentType, Body: body, ETag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	if packable(contentType) {
		if z := fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestCompression); len(z) < len(body) {
			out.Gzip = z
		}
	}
	return out
}

// year is what RFC 9111 caches treat as for ever.
const year = 365 * 24 * time.Hour

// SendCached answers from the bytes at hand: 304 when the client holds them
// already, packed when it takes gzip. Below a second maxAge means "ask every
// time"; a year or more marks the answer immutable, for names that hold a
// hash of the content.
func SendCached(c *fiber.Ctx, a Cached, maxAge time.Duration) error {
	body, tag, packed := a.Body, a.ETag, false
	if a.Gzip != nil {
		c.Vary(fiber.HeaderAcceptEncoding)
		if acceptsGzip(c.Get(fiber.HeaderAcceptEncoding)) {
			body, tag, packed = a.Gzip, a.gzipTag(), true
		}
	}
	c.Set(fiber.HeaderETag, tag)
	switch {
	case maxAge >= year:
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	case maxAge >= time.Second:
		c.Set(fiber.HeaderCacheControl, fmt.Sprintf("public, max-age=%d", int(maxAge.Seconds())))
	default:
		c.Set(fiber.HeaderCacheControl, "no-cache")
	}
	if a.held(c.Get(fiber.HeaderIfNoneMatch)) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, a.Type)
	if packed {
		c.Set(fiber.HeaderContentEncoding, "gzip")
	}
	c.Response().SetBodyRaw(body)
	return nil
}

// held compares If-None-Match weakly, as RFC 9110 asks for, with both forms.
func (a Cached) held(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		tag := strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if tag == "*" || tag == a.ETag || a.Gzip != nil && tag == a.gzipTag() {
			return true
		}
	}
	return false
}

// gzipTag names the packed form: a strong tag stands for bytes, not for
// content.
func (a Cached) gzipTag() string { return strings.TrimSuffix(a.ETag, `"`) + `-gz"` }
