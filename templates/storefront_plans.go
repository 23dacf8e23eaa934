package templates

import (
	"time"

	"gerai/internal/catalog"
	"gerai/payments"
)

// PlansPage is what one hotspot sells, each plan with its own order form.
type PlansPage struct {
	Base
	Site  catalog.Site
	Plans []PlanCard
	// Away: the router that orders go to does not answer since Seen.
	Away bool
	Seen time.Time
	// Nonce makes every shown form recognisable; the forms carry it with the
	// plan's position behind.
	Nonce string
	Form  PlanForm
	// Unpaid says that this device may have left an order behind. Device hints can
	// be made up, so nothing of the order is shown.
	Unpaid bool
}

// PlanCard is one plan and the ways it may be paid.
type PlanCard struct {
	catalog.Plan
	Methods []payments.Method
	SoldOut bool // delivered from the stock alone, and nothing is left
}

// PlanForm is what was typed into a form that could not be accepted.
type PlanForm struct {
	PlanID, Method, Phone string
	Field                 string // which field the message belongs to
	Message               string // "" when nothing is wrong
	Shown                 string // the terms that were on the screen, where they changed
}

func (PlansPage) file() string { return "storefront/plans.html" }

// Title names the page in the browser's tab.
func (p PlansPage) Title() string {
	return p.T("storefront.plans.title", "site", p.Site.Name) + " · " + p.Brand().Name
}

// Action is where the order forms go.
func (p PlansPage) Action() string { return p.Href("/h/" + p.Site.Slug + "/orders") }

// Terms are what the plan's form shows, for the order to be compared with.
func (p PlansPage) Terms(c PlanCard) string { return c.Item(p.Site).Terms() }

// Changed are the terms that were shown and those of today, nil where the form
// was refused for another reason.
func (p PlansPage) Changed(c PlanCard) *ChangedTerms {
	if !p.Typed(c) || p.Form.Shown == "" {
		return nil
	}
	return p.ChangedTerms(p.Form.Shown, c.Item(p.Site))
}

// Typed reports whether the refused form was this plan's.
func (p PlansPage) Typed(c PlanCard) bool { return p.Form.Message != "" && p.Form.PlanID == c.ID }

// Chosen reports whether the method is ticked in this plan's form: what was
// typed, else the first.
func (p PlansPage) Chosen(c PlanCard, m payments.Method) bool {
	if p.Typed(c) {
		for _, have := range c.Methods {
			if string(have) == p.Form.Method {
				return string(m) == p.Form.Method
			}
		}
	}
	return len(c.Methods) > 0 && c.Methods[0] == m
}

// General reports whether the message belongs to no plan on the page.
func (p PlansPage) General() bool {
	if p.Form.Message == "" {
		return false
	}
	for _, c := range p.Plans {
		if c.ID == p.Form.PlanID {
			return false
		}
	}
	return true
}

// MethodName is a method as people know it: "QRIS", "Bank BCA".
func (b Base) MethodName(m payments.Method) string {
	if m.IsVA() {
		return b.T("common.method.va", "bank", b.BankName(m))
	}
	switch m {
	case payments.Cash, payments.Transfer, payments.Credit:
		return b.T("common.method." + string(m))
	}
	return b.T("common.method.qris")
}

// BankName is a virtual account's bank as people know it.
func (b Base) BankName(m payments.Method) string {
	if key := "common.bank." + m.Bank(); HasText(key) {
		return b.T(key)
	}
	return m.Bank()
}
