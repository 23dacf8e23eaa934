package httpx

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// CSP returns the Content-Security-Policy of our pages: nothing from outside,
// nothing inline but what the hashes (see Hash) name, forms only to ourselves
// and to the formAction origins, which redirects of a form are held to as
// well. Fetch and event streams reach only our own host.
func CSP(styleHashes, scriptHashes []string, formAction ...string) string {
	var b strings.Builder
	b.WriteString("default-src 'none'; img-src 'self' data:; connect-src 'self'")
	for _, d := range []struct {
		name  string
		extra []string
	}{{"style-src", styleHashes}, {"script-src", scriptHashes}, {"form-action", formAction}} {
		b.WriteString("; " + d.name + " 'self'")
		for _, e := range d.extra {
			b.WriteString(" " + e)
		}
	}
	b.WriteString("; base-uri 'none'; frame-ancestors 'none'")
	return b.String()
}

// Hash returns the CSP source of one inline style or script: its exact text
// between the tags.
func Hash(inline string) string {
	sum := sha256.Sum256([]byte(inline))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// SetCSP replaces the policy for this answer.
func SetCSP(c *fiber.Ctx, csp string) { c.Set(fiber.HeaderContentSecurityPolicy, csp) }

// headers sets what every answer carries; handlers may override.
func (f *frame) headers(c *fiber.Ctx) {
	for _, h := range f.common {
		c.Response().Header.SetCanonical(h.name, h.value)
	}
}

// header is one line, its name in the usual spelling.
type header struct{ name, value []byte }

// commonHeaders are what every answer carries.
func commonHeaders(csp string, https bool) []header {
	var out []header
	add := func(name, value string) {
		out = append(out, header{[]byte(name), []byte(value)})
	}
	add(fiber.HeaderContentSecurityPolicy, csp)
	add(fiber.HeaderXContentTypeOptions, "nosniff")
	add(fiber.HeaderXFrameOptions, "DENY")
	add(fiber.HeaderReferrerPolicy, "no-referrer")
	add(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	add("Cross-Origin-Opener-Policy", "same-origin")
	if https {
		add(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	return out
}

// ReferrerSameOrigin replaces the default "no-referrer" on the routes behind it. Handlers
// with cookies need it: under "no-referrer" browsers send "Origin: null" with our own
// forms, and SameOrigin has nothing to compare.
func ReferrerSameOrigin(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	return c.Next()
}

// NoStore keeps an answer out of every cache: order pages, forms, errors.
func NoStore(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") }

// WantsJSON reports whether the client prefers JSON to a page. A client that accepts
// anything gets the page.
func WantsJSON(c *fiber.Ctx) bool {
	return c.Accepts(fiber.MIMETextHTML, fiber.MIMEApplicationJSON) == fiber.MIMEApplicationJSON
}
