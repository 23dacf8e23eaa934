package admin

import (
	"log/slog"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/httpx"
	"gerai/internal/secret"
	"gerai/internal/shop"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"

	"github.com/gofiber/fiber/v2"
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
	Live     bool
}

// Handler serves the panel.
type Handler struct {
	Options
	secure     bool
	guard      httpx.CSRF
	themeCache atomic.Pointer[templates.Theme] // of the brand as it was last
	// printing holds a place for each document in the making: two thousand codes
	// keep a core busy for seconds.
	printing chan struct{}
}

// New returns the handler.
func New(o Options) *Handler {
	d := &Handler{Options: o, secure: strings.HasPrefix(o.BaseURL, "https://"), printing: make(chan struct{}, 2)}
	d.guard = httpx.CSRF{Key: o.Keys.MACs("csrf", "panel")[0], Cookie: d.cookie("csrf"), Secure: d.secure, Session: func(c *fiber.Ctx) string { return staff.Family(d.token(c)) }}
	return d
}

// cookie names a cookie. The __Host- prefix binds it to this host; browsers
// accept it over https only.
func (d *Handler) cookie(name string) string {
	if d.secure {
		return "__Host-gerai-" + name
	}
	return "gerai-" + name
}

// token is the session token the browser brought, "" for none.
func (d *Handler) token(c *fiber.Ctx) string { return c.Cookies(d.cookie("session")) }

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
