package web

import (
	"log/slog"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/admission"
	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/httpx"
	"gerai/internal/secret"
	"gerai/internal/shop"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// Options is what the handler needs; everything is required.
type Options struct {
	Shop     *shop.Shop
	Accounts *staff.Accounts
	Store    *store.Store // reads only: a Store cannot write
	Bus      cache.Bus
	Streams  *httpx.Streams
	Clock    clock.Clock
	Keys     secret.Keys
	Log      *slog.Logger
	Zone     *time.Location
	BaseURL  string // an https address makes cookies secure
	Live     func() bool
}

// Handler serves the panel.
type Handler struct {
	Options
	SecureCookies bool
	guard         httpx.CSRF
	searchRight   staff.Right                     // of the page of search results, "" while there is none
	themeCache    atomic.Pointer[templates.Theme] // of the brand as it was last
	hasSold       atomic.Bool                     // the shop has sold, see guide
	// Computing admits heavy routes, Exporting files that are made while they are sent,
	// which takes as long as the client does.
	Computing, Exporting *admission.Control
}

// New returns the handler.
func New(o Options) *Handler {
	d := &Handler{Options: o, SecureCookies: strings.HasPrefix(o.BaseURL, "https://"), Computing: newComputeControl(o.Clock), Exporting: newComputeControl(o.Clock)}
	d.guard = httpx.CSRF{Key: o.Keys.MACs("csrf", "panel")[0], Cookie: d.CookieName("csrf"), Secure: d.SecureCookies, Session: func(c *fiber.Ctx) string { return staff.Family(d.Token(c)) }}
	return d
}

// Serves tells the handler which routes there are, before the first request: the frame of
// a page shows a search only where there is one.
func (d *Handler) Serves(routes []Route) {
	for _, x := range routes {
		if x.Method == "GET" && x.Path == "/search" {
			d.searchRight = x.Right
		}
	}
}

// CookieName names a cookie. The __Host- prefix binds it to this host; browsers
// accept it over https only.
func (d *Handler) CookieName(name string) string {
	if d.SecureCookies {
		return "__Host-gerai-" + name
	}
	return "gerai-" + name
}

// theme is the brand's look.
func (d *Handler) theme(c *fiber.Ctx) (*templates.Theme, error) {
	brand, err := d.Store.Brand(c.UserContext())
	if err != nil {
		return nil, err
	}
	if last := d.themeCache.Load(); last != nil && reflect.DeepEqual(last.Brand, brand) {
		return last, nil
	}
	made := templates.NewTheme(brand)
	d.themeCache.Store(made)
	return made, nil
}
