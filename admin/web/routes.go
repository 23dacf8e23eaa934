package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
)

// Root is the path of the panel.
const Root = "/admin"

// formLimit bounds a posted form in bytes.
const formLimit = 128 << 10

// Route is one page or act: what it is called with, the right it needs, and
// what it does. Everything the panel can do is in one of these tables; a test
// asks every route as every role.
type Route struct {
	Method, Path   string // path below root
	Right          staff.Right
	Reauthenticate bool                 // asks for the password again if that was long ago
	AllSites       bool                 // only for accounts of all sites: it holds for all of them, or belongs to none
	During         []staff.RequiredStep // also open while the session lacks one of these
	Confirm        Confirmation         // cannot be taken back: needs all that checkConfirmation checks, and implies reauthenticate
	Heavy          bool                 // reads or computes much: few at once, on few connections to the database
	Handle         func(*Request) error
}

// Confirmation renders the confirmation page of an act, for the first time or, with a
// cause, again.
type Confirmation func(k *Request, cause error) error

// The required steps during which a page is open; see route.during.
var (
	DuringTwoFactor      = []staff.RequiredStep{staff.StepTwoFactor}
	DuringPassword       = []staff.RequiredStep{staff.StepPassword}
	DuringTwoFactorSetup = []staff.RequiredStep{staff.StepTwoFactorSetup}
	DuringAnyStep        = []staff.RequiredStep{staff.StepTwoFactor, staff.StepPassword, staff.StepTwoFactorSetup}
)

// Group is the panel's address with the checks that every request passes first.
func (d *Handler) Group(r fiber.Router) fiber.Router {
	own := httpx.SameOrigin(httpx.OriginOptions{Origins: []string{d.BaseURL}})
	return r.Group(Root, httpx.ReferrerSameOrigin, d.overHTTPS, own, bounded, d.ipAllowlist, d.guard.Guard)
}

// bounded refuses posted forms that are too long. Only forms with a file, which
// are multipart, may be as long as the server allows at all.
func bounded(c *fiber.Ctx) error {
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return c.Next()
	}
	return httpx.BodyMax(formLimit)(c)
}

// Add registers a route; HEAD works wherever GET does.
func Add(g fiber.Router, x Route, h fiber.Handler) {
	if x.Method == fiber.MethodGet {
		g.Get(x.Path, h)
		return
	}
	g.Add(x.Method, x.Path, h)
}
