package templates

import (
	"html/template"

	"gerai/internal/catalog"
)

// BrandEditPage changes how the shop presents itself, beside what customers will see.
type BrandEditPage struct {
	Panel
	CatalogueTabs
	Seen    string
	Groups  []CatalogueGroup
	Now     []string // what was changed since the form was opened
	HasLogo bool
	Preview catalog.Brand
	// Chosen is a logo that was sent and is not saved yet, as part of the page, "" for none.
	Chosen template.URL
}

func (BrandEditPage) file() string { return "catalogue/brand.html" }

// Title names the page in the browser's tab.
func (p BrandEditPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p BrandEditPage) Heading() string { return p.T("catalogue.brand") }

// FormGeneral reports whether what is wrong belongs to no field of the form.
func (p BrandEditPage) FormGeneral() bool { return general(p.Form, p.Groups) }

// Contrast says for light and dark pages whether the brand's colour is read well there, or
// which one stands in for it.
func (p BrandEditPage) Contrast() []string {
	brand := parseColor(p.Preview.Color)
	var out []string
	for _, ground := range []struct {
		name   string
		scheme scheme
	}{{"light", newScheme(brand, lightGrounds, black)}, {"dark", newScheme(brand, darkGrounds, white)}} {
		if ground.scheme.fill == brand {
			out = append(out, p.T("catalogue.contrast."+ground.name+"_good"))
		} else {
			out = append(out, p.T("catalogue.contrast."+ground.name+"_other", "color", ground.scheme.fill.String()))
		}
	}
	return out
}
