package templates

// MethodsPage says which ways to pay the shop or a site offers.
type MethodsPage struct {
	Panel
	CatalogueTabs
	Sites   []Choice
	SiteID  string // "" for the shop
	Own     bool   // it has rules of its own
	Seen    string
	Now     string // what was changed since the form was opened, "" for nothing
	Methods []MethodLine
}

// MethodLine is one way to pay.
type MethodLine struct {
	Field, Name    string
	On             bool
	Minimum, Place string
}

func (MethodsPage) file() string { return "catalogue/methods.html" }

// Title names the page in the browser's tab.
func (p MethodsPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p MethodsPage) Heading() string { return p.T("catalogue.methods") }

// FieldWrong reports whether what is wrong belongs to a field of the form.
func (p MethodsPage) FieldWrong() bool {
	for _, m := range p.Methods {
		if p.Form.Wrong("min-"+m.Field) || p.Form.Wrong("place-"+m.Field) {
			return true
		}
	}
	return false
}
