package templates

import "gerai/internal/catalog"

// HomePage lists the hotspots.
type HomePage struct {
	Base
	Sites []catalog.Site
}

func (HomePage) file() string { return "storefront/home.html" }

// Title names the page in the browser's tab.
func (p HomePage) Title() string { return p.T("storefront.home.title") + " · " + p.Brand().Name }
