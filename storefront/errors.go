package storefront

import (
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/orders"
	"gerai/internal/store"
	"gerai/templates"
)

// ErrorPage shows an error to a person; the server calls it with the status
// already chosen. Beside what the visitor brought along, the page depends on
// the kind of error alone, so that an unknown order and a mistyped address look
// the same.
func (d *Handler) ErrorPage(c *fiber.Ctx, status int, err error) error {
	if isBusy(err) {
		return d.busyPage(c, status, err)
	}
	theme, themeErr := d.catalogueCache.theme(c.UserContext())
	if themeErr != nil {
		theme = templates.NewTheme(catalog.DefaultBrand) // the database is what failed
	}
	page := templates.ErrorPage{Code: status, Base: templates.Base{
		Lang: lang(c), Theme: theme, Zone: d.Zone, Now: d.Clock.Now(), Path: "/", Test: !d.Live(), Private: true,
	}}
	if c.Method() == fiber.MethodGet {
		page.Hints = hints(query(c))
	}
	switch closed := errors.Is(err, orders.ErrSiteClosed); {
	case closed, errors.Is(err, store.ErrSiteNotFound):
		page.Text, page.Closed = templates.FaultText(page.Lang, err), closed
		// The address may be from an old poster: other hotspots may help, and a
		// database that fails now only shortens the page.
		if all, err := d.catalogueCache.all(c.UserContext()); err == nil {
			page.Sites = shown(all)
		}
	case fault.Is(err, fault.Limited):
		page.Text = templates.FaultText(page.Lang, err)
	case status == fiber.StatusServiceUnavailable && c.Method() == fiber.MethodGet:
		c.Set("Refresh", retrySeconds(firstPause+d.spread())) // the database is silent for the moment
	}
	return send(c, status, theme, page)
}

// retrySeconds rounds up, at least one.
func retrySeconds(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second)))
}
