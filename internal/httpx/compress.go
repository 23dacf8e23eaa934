package httpx

import (
	"bytes"
	"mime"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// compressFrom is the size below which gzip gains nothing on the wire.
const compressFrom = 512

// compress packs a rendered answer when the client takes gzip. Streams, answers
// that are packed already and pictures stay as they are.
func compress(c *fiber.Ctx, level int) {
	r := c.Response()
	if r.IsBodyStream() || len(r.Header.ContentEncoding()) > 0 || !packable(string(r.Header.ContentType())) {
		return
	}
	body := r.Body()
	if len(body) < compressFrom || c.Method() == fiber.MethodHead || bytes.Contains(r.Header.Peek(fiber.HeaderCacheControl), []byte("no-transform")) {
		return
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	if !AcceptsGzip(c) {
		return
	}
	if tag := r.Header.Peek(fiber.HeaderETag); len(tag) > 0 && !bytes.HasPrefix(tag, []byte("W/")) {
		c.Set(fiber.HeaderETag, "W/"+string(tag)) // same content, other bytes
	}
	r.SetBodyRaw(fasthttp.AppendGzipBytesLevel(make([]byte, 0, len(body)/3), body, level))
	c.Set(fiber.HeaderContentEncoding, "gzip")
}

// packable reports whether a type shrinks.
func packable(contentType string) bool {
	switch contentType { // what most answers are
	case fiber.MIMETextHTMLCharsetUTF8, fiber.MIMEApplicationJSON:
		return true
	case "image/png":
		return false
	}
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil || kind == "text/event-stream":
		return false
	case strings.HasPrefix(kind, "text/"):
		return true
	}
	return kind == "application/json" || kind == "application/javascript" || kind == "image/svg+xml" || strings.HasSuffix(kind, "+json")
}

// AcceptsGzip reports whether the client takes gzip.
func AcceptsGzip(c *fiber.Ctx) bool {
	return acceptsGzip(string(c.Request().Header.Peek(fiber.HeaderAcceptEncoding)))
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): named or by "*", and
// not with weight zero.
func acceptsGzip(header string) bool {
	any := false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		wanted := true
		if q, found := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q="); found {
			weight, err := strconv.ParseFloat(q, 64)
			wanted = err == nil && weight > 0
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip":
			return wanted
		case "*":
			any = wanted
		}
	}
	return any
}
