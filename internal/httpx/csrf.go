package httpx

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
)

// Names under which a token travels back.
const (
	CSRFField  = "csrf"
	CSRFHeader = "X-Csrf-Token"
)

const (
	csrfSeed  = 16 // random bytes in the cookie
	csrfNonce = 12 // random bytes in front of each token
)

// CSRF guards routes whose visitors are known by a cookie: a form must repeat a token
// that only a page of ours could hold. The token is an HMAC over a random cookie and the
// session, fresh for every page, so that compressed pages do not betray it. It needs no
// storage and works before sign-in.
type CSRF struct {
	Key    []byte // at least 32 bytes, the same on every replica
	Cookie string // cookie name, for example "__Host-csrf"; the __Host- prefix needs Secure and Path "/"
	Path   string // cookie path, "" is "/"
	Secure bool   // https only
	// Session binds tokens to the session; nil or "" for none.
	Session func(*fiber.Ctx) string
}

type csrfKey struct{}

// Token returns a token for one form and sets the cookie when the browser has
// none.
func (g CSRF) Token(c *fiber.Ctx) string {
	seed, ok := g.seed(c)
	if !ok {
		fresh := make([]byte, csrfSeed)
		rand.Read(fresh)
		seed = base64.RawURLEncoding.EncodeToString(fresh)
		path := g.Path
		if path == "" {
			path = "/"
		}
		c.Cookie(&fiber.Cookie{Name: g.Cookie, Value: seed, Path: path, HTTPOnly: true, Secure: g.Secure, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true})
		c.Locals(csrfKey{}, seed)
	}
	nonce := make([]byte, csrfNonce)
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(append(nonce, g.mac(c, seed, nonce)...))
}

// Guard refuses unsafe methods without a right token, with a fault of kind
// Denied. Mount it after SameOrigin and after the session is known.
func (g CSRF) Guard(c *fiber.Ctx) error {
	if safe(c.Method()) {
		return c.Next()
	}
	token := c.Get(CSRFHeader)
	if token == "" {
		token = c.FormValue(CSRFField)
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	seed, ok := g.seed(c)
	if err != nil || !ok || len(raw) <= csrfNonce || !hmac.Equal(raw[csrfNonce:], g.mac(c, seed, raw[:csrfNonce])) {
		return fault.New(fault.Denied, "csrf.mismatch")
	}
	return c.Next()
}

// seed returns the cookie, also one that this very answer sets.
func (g CSRF) seed(c *fiber.Ctx) (string, bool) {
	if s, ok := c.Locals(csrfKey{}).(string); ok {
		return s, true
	}
	s := c.Cookies(g.Cookie)
	raw, err := base64.RawURLEncoding.DecodeString(s)
	return s, err == nil && len(raw) == csrfSeed
}

func (g CSRF) mac(c *fiber.Ctx, seed string, nonce []byte) []byte {
	session := ""
	if g.Session != nil {
		session = g.Session(c)
	}
	m := hmac.New(sha256.New, g.Key)
	m.Write(nonce)
	m.Write([]byte(seed + "\x00" + session))
	return m.Sum(nil)
}
