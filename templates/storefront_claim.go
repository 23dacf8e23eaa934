package templates

// ClaimPage finds an order again.
type ClaimPage struct {
	Base
	Code, Claim string // as typed
	Message     string // "" when nothing is wrong
}

func (ClaimPage) file() string { return "storefront/claim.html" }

// Title names the page in the browser's tab.
func (p ClaimPage) Title() string { return p.T("storefront.claim.title") + " · " + p.Brand().Name }
