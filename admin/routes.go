package admin

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
)

// root is the path of the panel.
const root = "/admin"

// formLimit bounds a posted form in bytes.
const formLimit = 128 << 10

// route is one page or act: what it is called with, the right it needs, and
// what it does. Everything the panel can do is in one of these tables; a test
// asks every route as every role.
type route struct {
	method, path   string // path below root
	right          staff.Right
	reauthenticate bool                 // asks for the password again if that was long ago
	allSites       bool                 // only for accounts of all sites: it holds for all of them, or belongs to none
	during         []staff.RequiredStep // also open while the session lacks one of these
	confirm        confirmation         // cannot be taken back: needs all that checkConfirmation checks, and implies reauthenticate
	handle         func(*request) error
}

// confirmation renders the confirmation page of an act, for the first time or, with a
// cause, again.
type confirmation func(k *request, cause error) error

// The required steps during which a page is open; see route.during.
var (
	duringTwoFactor      = []staff.RequiredStep{staff.StepTwoFactor}
	duringPassword       = []staff.RequiredStep{staff.StepPassword}
	duringTwoFactorSetup = []staff.RequiredStep{staff.StepTwoFactorSetup}
	duringAnyStep        = []staff.RequiredStep{staff.StepTwoFactor, staff.StepPassword, staff.StepTwoFactorSetup}
)

// group is the panel's address with the checks that every request passes first.
func (d *Handler) group(r fiber.Router) fiber.Router {
	own := httpx.SameOrigin(httpx.OriginOptions{Origins: []string{d.BaseURL}})
	return r.Group(root, httpx.ReferrerSameOrigin, d.overHTTPS, own, bounded, d.ipAllowlist, d.guard.Guard)
}

// bounded refuses posted forms that are too long. Only forms with a file, which
// are multipart, may be as long as the server allows at all.
func bounded(c *fiber.Ctx) error {
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return c.Next()
	}
	return httpx.BodyMax(formLimit)(c)
}

// add registers a route; HEAD works wherever GET does.
func add(g fiber.Router, x route, h fiber.Handler) {
	if x.method == fiber.MethodGet {
		g.Get(x.path, h)
		return
	}
	g.Add(x.method, x.path, h)
}

// public serves a route without a session.
func (d *Handler) public(x route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		return x.handle(&request{Ctx: c, Handler: d})
	}
}

// authorized serves a route to sessions that lack no step and have its right.
func (d *Handler) authorized(x route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		k := &request{Ctx: c, Handler: d}
		if in, err := d.admit(k); err != nil || !in {
			return err
		}
		if owed := k.principal.RequiredStep; owed != staff.StepNone && !slices.Contains(x.during, owed) {
			return k.toRequiredStep(owed)
		}
		if !k.principal.May(x.right) {
			return d.refused(k)
		}
		if x.allSites && !k.principal.AllSites() {
			return fault.New(fault.Denied, "staff.whole_only")
		}
		if (x.reauthenticate || x.confirm != nil) && !k.principal.Reauthenticated(d.Clock.Now()) {
			return requestReauthentication(k)
		}
		if x.confirm != nil {
			if err := k.checkConfirmation(); err != nil {
				return x.confirm(k, err)
			}
		}
		return x.handle(k)
	}
}
