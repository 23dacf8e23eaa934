package admin

import (
	"slices"

	"github.com/gofiber/fiber/v2"

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
	fresh        bool // asks for the password again if that was long ago
	act          func(*Door, *desk) error
}

// doorstep are the routes for people who have not signed in.
var doorstep = []route{
	{method: "GET", path: "/login", act: (*Door).signInForm},
	{method: "POST", path: "/login", act: (*Door).signIn},
}

// routes are all others.
var routes = slices.Concat(peopleRoutes, routerRoutes, reportRoutes)

var peopleRoutes = []route{
	{method: "GET", path: "", right: staff.SeeBoard, act: (*Door).board},
	{method: "POST", path: "/logout", right: staff.OwnAccount, act: (*Door).signOut},
	{method: "GET", path: "/prove", right: staff.OwnAccount, act: (*Door).proveForm},
	{method: "POST", path: "/prove", right: staff.OwnAccount, act: (*Door).prove},
}

var routerRoutes = []route{
	{method: "GET", path: "/routers", right: staff.SeeRouters, act: (*Door).routers},
}

// Mount puts the panel on the server.
func (d *Door) Mount(r fiber.Router) {
	own := httpx.SameOrigin(httpx.OriginOptions{Origins: []string{d.BaseURL}})
	g := r.Group(root, httpx.ReferrerSameOrigin, own, httpx.BodyMax(formLimit), d.guard.Guard)
	for _, x := range doorstep {
		add(g, x, d.open(x))
	}
	for _, x := range routes {
		add(g, x, d.shut(x))
	}
	g.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
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
		if !k.person.May(x.right) {
			return d.refused(k)
		}
		if x.fresh && !k.person.IsFresh(d.Clock.Now()) {
			return d.askProof(k)
		}
		return x.act(d, k)
	}
}
