package storefront

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/templates"
)

// ErrorPage shows an error to a person; the server calls it with the status
// already chosen. The page depends on the language and the kind of error
// alone, so that an unknown order and a mistyped address look the same.
func (d *Door) ErrorPage(c *fiber.Ctx, status int, err error) error {
	theme, themeErr := d.shelf.theme(c.UserContext())
	if themeErr != nil {
		theme = templates.NewTheme(catalog.DefaultBrand) // the database is what failed
	}
	page := templates.ErrorPage{Code: status, Base: templates.Base{
		Lang: lang(c), Theme: theme, Zone: d.Zone, Now: d.Clock.Now(), Path: "/", Test: !d.Live, Private: true,
	}}
	if code := fault.CodeOf(err); code == "site.not_found" || fault.Is(err, fault.Limited) {
		page.Text = templates.FaultText(page.Lang, err)
	}
	return send(c, status, theme, page)
}

// retrySeconds rounds up, at least one.
func retrySeconds(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second)))
}
