package templates

import "gerai/internal/catalog"

// PosterPage is what an operator hangs up at a hotspot: how to join the Wi-Fi
// and where to buy.
type PosterPage struct {
	Base
	Paper   Paper
	Site    catalog.Site
	Address string // the site's shop address as people type it, without scheme
	Claim   string // the address to find an order again
	Prices  bool
	Plans   []catalog.Plan // what is printed when Prices is set
}

func (PosterPage) file() string   { return "storefront/poster.html" }
func (PosterPage) layout() string { return "paper.html" }

// Title names the page in the browser's tab.
func (p PosterPage) Title() string {
	return p.T("storefront.poster.title", "site", p.Site.Name) + " · " + p.Brand().Name
}

// Sheet is the style for the chosen paper.
func (p PosterPage) Sheet() Sheet { return p.Theme.Papers[p.Paper] }

// Sizes lists the papers to choose from.
func (PosterPage) Sizes() []Paper { return Papers }

// Picture is the address of one of the poster's codes.
func (p PosterPage) Picture(name string) string { return "/h/" + p.Site.Slug + "/" + name }
