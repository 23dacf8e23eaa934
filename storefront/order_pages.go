package storefront

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/cache"
)

const (
	// maxOrderPages bounds the kept pages to some four megabytes.
	maxOrderPages = 256
	// longestKept is the longest query in bytes that a page is kept for.
	longestKept = 1000
)

// orderPages keeps rendered order pages for as long as the reading is kept that they show,
// see orders.Service.View: to render one costs as much as to read it.
type orderPages struct {
	pages *cache.Memo[string, *precompressed]
}

func newOrderPages() orderPages {
	return orderPages{cache.NewMemo[string, *precompressed](nil, 0, maxOrderPages)}
}

// page returns the page that shows a reading, in the look of a generation of the catalogue,
// to a visitor with that query, or renders it.
func (p orderPages) page(c *fiber.Ctx, reading, generation uint64, render func() (*precompressed, error)) (*precompressed, error) {
	asked := c.Request().URI().QueryString()
	if len(asked) > longestKept {
		return render()
	}
	key := strconv.FormatUint(reading, 36) + "," + strconv.FormatUint(generation, 36) + "?" + string(asked)
	return p.pages.Get(c.UserContext(), key, func(context.Context) (*precompressed, error) { return render() })
}
