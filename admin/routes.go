package admin

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/staff"
)

// root is where the panel lives.
const root = "/admin"

// formLimit bounds a posted form in bytes.
const formLimit = 128 << 10

// route is one page or act: what it is called with, the right it needs, and
// what it does. Everything the panel can do is in one of these tables; a test
// asks every route as every role.
type route struct {
	method, path string // path below root
	right        staff.Right
	fresh        bool         // asks for the password again if that was long ago
	whole        bool         // for people of all sites: it holds for all of them, or belongs to none
	during       []staff.Debt // also open to people who still owe one of these
	sure         asks         // cannot be taken back: wants all that consents checks, and is fresh
	act          func(*Door, *desk) error
}

// asks shows the page that asks for consent to an act, for the first time or,
// with a cause, again.
type asks func(d *Door, k *desk, cause error) error

// doorstep are the routes for people who have not signed in.
var doorstep = []route{
	{method: "GET", path: "/login", act: (*Door).signInForm},
	{method: "POST", path: "/login", act: (*Door).signIn},
}

// routes are all others.
var routes = slices.Concat(peopleRoutes, accountRoutes, staffRoutes, auditRoutes, alertRoutes, hotspotRoutes, orderRoutes, counterRoutes, moneyRoutes, voucherRoutes, stockRoutes, reportRoutes)

var peopleRoutes = []route{
	{method: "GET", path: "", right: staff.SeeBoard, act: (*Door).board},
	{method: "POST", path: "/logout", right: staff.OwnAccount, during: inAny, act: (*Door).signOut},
	{method: "GET", path: "/prove", right: staff.OwnAccount, during: inFactor, act: (*Door).proveForm},
	{method: "POST", path: "/prove", right: staff.OwnAccount, during: inFactor, act: (*Door).prove},
}

// Mount puts the panel on the server.
func (d *Door) Mount(r fiber.Router) {
	own := httpx.SameOrigin(httpx.OriginOptions{Origins: []string{d.BaseURL}})
	g := r.Group(root, httpx.ReferrerSameOrigin, d.overHTTPS, own, bounded, d.near, d.guard.Guard)
	for _, x := range slices.Concat(doorstep, linkDoorstep) {
		add(g, x, d.open(x))
	}
	for _, x := range routes {
		add(g, x, d.shut(x))
	}
	g.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
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

// open serves a route to anybody.
func (d *Door) open(x route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		return x.act(d, &desk{Ctx: c, door: d})
	}
}

// shut serves a route to people who signed in and have its right.
func (d *Door) shut(x route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		k := &desk{Ctx: c, door: d}
		if in, err := d.admit(k); err != nil || !in {
			return err
		}
		if owed := k.person.Owes; owed != staff.OwesNothing && !slices.Contains(x.during, owed) {
			return k.settle(owed)
		}
		if !k.person.May(x.right) {
			return d.refused(k)
		}
		if x.whole && !k.person.Whole() {
			return fault.New(fault.Denied, "staff.whole_only")
		}
		if (x.fresh || x.sure != nil) && !k.person.IsFresh(d.Clock.Now()) {
			return d.askProof(k)
		}
		if x.sure != nil {
			if err := k.consents(); err != nil {
				return x.sure(d, k, err)
			}
		}
		return x.act(d, k)
	}
}
