package storefront

import (
	"errors"
	"html"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/templates"
)

const (
	// firstPause is how long a client is told to wait at least; each further try of the
	// same form adds as much.
	firstPause = 3 * time.Second
	// pauseSpread is up to how much longer, so that those who were refused together do not
	// come back together.
	pauseSpread = 3 * time.Second
	// mostPresses is how often a script presses the button of the busy page: those who are still
	// there press it themselves.
	mostPresses = 3
	// mostHeld and mostHeldBytes bound the form that a busy page holds: more than any of ours has.
	mostHeld, mostHeldBytes = 32, 4 << 10
	tryField                = "try"
)

type repeatableKey struct{}

// repeatable marks a form that was sent from a page of ours: the busy page may hold it, and
// send it again.
func repeatable(c *fiber.Ctx) error {
	c.Locals(repeatableKey{}, true)
	return c.Next()
}

// isBusy reports whether the busy page answers an error.
func isBusy(err error) bool { return errors.Is(err, errBusy) || errors.Is(err, httpx.ErrSlow) }

// busyPage answers what cannot be served now. It asks no database and renders nothing: it
// must cost next to nothing when all come at once. A page reloads; a form is held with all
// that was typed and its nonce, so that an order that is sent again, however often, is one. A
// GET never repeats an act: browsers, portals and chat programs open addresses unasked.
func (d *Handler) busyPage(c *fiber.Ctx, status int, err error) error {
	sent, _ := c.Locals(repeatableKey{}).(bool)
	sent = sent && c.Request().PostArgs().Len() <= mostHeld && len(c.Body()) <= mostHeldBytes
	get := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	tries := min(max(0, number(c.FormValue(tryField))), mostPresses)
	pause := firstPause*time.Duration(1+tries) + d.spread()
	page, pageErr := d.busyPages.page(busyKey{lang: lang(c), repeat: sent, refused: errors.Is(err, errBusy)}, d)
	if pageErr != nil {
		return pageErr
	}
	values := []string{html.EscapeString(ownPath(c)), html.EscapeString(hintQuery(c, get)), "", "0"}
	if sent {
		values[2] = d.fields(c, tries+1)
	}
	if tries < mostPresses && (errors.Is(err, errBusy) || !sent) { // how far a slow act came is not known: a person sends it again
		values[3] = retrySeconds(pause)
	}
	c.Set(fiber.HeaderRetryAfter, retrySeconds(pause))
	if get {
		c.Set("Refresh", retrySeconds(pause))
	}
	httpx.NoStore(c)
	frame(c, page.styleHash)
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Status(status)
	if httpx.AcceptsGzip(c) {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(page.gzip(values))
		return nil
	}
	c.Response().SetBodyRaw(page.with(values))
	return nil
}

// spread is a part of pauseSpread by chance.
func (d *Handler) spread() time.Duration {
	var b [1]byte
	if _, err := io.ReadFull(d.Random, b[:]); err != nil {
		return 0
	}
	return pauseSpread * time.Duration(b[0]) / 256
}

// fields are the hidden inputs of what was sent. An order that was sent without a nonce
// gets one: pressing twice makes one order.
func (d *Handler) fields(c *fiber.Ctx, try int) string {
	var out strings.Builder
	hidden := func(name, value string) {
		out.WriteString(hiddenInput(html.EscapeString(strings.ToValidUTF8(name, "")), html.EscapeString(strings.ToValidUTF8(value, ""))))
	}
	nonce := false
	for name, value := range c.Request().PostArgs().All() {
		if string(name) == tryField || string(name) == "nonce" && len(value) == 0 {
			continue
		}
		nonce = nonce || string(name) == "nonce"
		hidden(string(name), string(value))
	}
	if made, err := newNonce(d.Random, d.Clock.Now()); !nonce && err == nil && strings.HasSuffix(c.Path(), "/orders") {
		hidden("nonce", made)
	}
	hidden(tryField, strconv.Itoa(try))
	return out.String()
}

func hiddenInput(name, value string) string {
	return `<input type="hidden" name="` + name + `" value="` + value + `">`
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// ownPath is the page's address for its link to the other language.
func ownPath(c *fiber.Ctx) string {
	path, err := url.PathUnescape(c.Path())
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return "/"
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// hintQuery are the hints that links of the page carry on.
func hintQuery(c *fiber.Ctx, get bool) string {
	read := form(c)
	if get {
		read = query(c)
	}
	q := url.Values{}
	for pair := range slices.Chunk(along(hints(read)), 2) {
		if pair[1] != "" {
			q.Set(pair[0], pair[1])
		}
	}
	return q.Encode()
}

// The marks that stand in the rendered page for what is filled in: own path, hints, fields, seconds.
const (
	pathMark  = "/gerai-own-path"
	hintMark  = "mac=gerai-hints"
	fieldMark = "gerai-field"
	pressMark = "gerai-press"
)

// render makes the page of a look, with marks.
func (k busyKey) render(theme *templates.Theme, d *Handler) (*fillable, error) {
	page := templates.BusyPage{Repeat: k.repeat, Refused: k.refused, Press: pressMark, Base: templates.Base{Lang: k.lang, Theme: theme, Zone: d.Zone,
		Now: d.Clock.Now(), Path: pathMark, Test: !d.Live(), Private: true, Hints: order.Hints{MAC: strings.TrimPrefix(hintMark, "mac=")}}}
	page.Fields = []templates.Field{{Name: fieldMark, Value: fieldMark}}
	text, err := templates.Render(page)
	if err != nil {
		return nil, err
	}
	f, err := newFillable(text, []string{pathMark, hintMark, hiddenInput(fieldMark, fieldMark), pressMark})
	if err != nil {
		return nil, err
	}
	f.styleHash = theme.StyleHash
	return f, nil
}
