package templates

import (
	"slices"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
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
	Codes  bool // there are promotions that need a code
}

// PlanCard is one plan and the ways it may be paid.
type PlanCard struct {
	catalog.Plan
	Methods []payments.Method
	SoldOut bool // delivered from the stock alone, and nothing is left
	// Prices are what it costs by each of the methods, the default first.
	Prices []MethodPrice
	// Dearer are ways to pay that the plan is too cheap for.
	Dearer []MethodMinimum
	// Hinted are promotions that ask who buys: the page cannot know whether they hold.
	Hinted []catalog.Promotion
}

// MethodMinimum is a way to pay and the amount from which on it is offered.
type MethodMinimum struct {
	Method  payments.Method
	Minimum money.Rupiah
}

// TooCheap says for which ways to pay a plan is too cheap, banks of one minimum in one sentence.
func (p PlansPage) TooCheap(c PlanCard) (out []string) {
	var least []money.Rupiah
	names := map[money.Rupiah][]string{}
	for _, m := range c.Dearer {
		if names[m.Minimum] == nil {
			least = append(least, m.Minimum)
		}
		name := p.MethodName(m.Method)
		if m.Method.IsVA() {
			name = p.T("storefront.method.bank")
		}
		if !slices.Contains(names[m.Minimum], name) {
			names[m.Minimum] = append(names[m.Minimum], name)
		}
	}
	for _, n := range least {
		out = append(out, p.T("storefront.method.from", "methods", strings.Join(names[n], ", "), "amount", n))
	}
	return out
}

// MethodPrice is what a plan costs by one way to pay.
type MethodPrice struct {
	Method payments.Method
	Item   order.Item
}

// of is what the plan costs by a method.
func (c PlanCard) of(m payments.Method, site catalog.Site) order.Item {
	for _, p := range c.Prices {
		if p.Method == m {
			return p.Item
		}
	}
	return c.Item(site)
}

// PlanForm is what was typed into a form that could not be accepted.
type PlanForm struct {
	PlanID, Method, Phone string
	Field                 string // which field the message belongs to
	Message               string // "" when nothing is wrong
	Shown                 string // the terms that were on the screen, where they changed
	Promo                 string // the code of a promotion
	// Now is what the plan costs this customer by Method, nil where that is not known.
	Now      *order.Item
	Applied  bool // a code was looked up and makes it cheaper
	Personal bool // for those whom its promotion is for
}

func (PlansPage) file() string { return "storefront/plans.html" }

// Title names the page in the browser's tab.
func (p PlansPage) Title() string {
	return p.T("storefront.plans.title", "site", p.Site.Name) + " · " + p.Brand().Name
}

// Action is where the order forms go.
func (p PlansPage) Action() string { return p.Href("/h/" + p.Site.Slug + "/orders") }

// Priced is what the plan costs as its form first shows it: by the method that is ticked.
func (p PlansPage) Priced(c PlanCard) order.Item {
	if p.Typed(c) && p.Form.Now != nil {
		return *p.Form.Now
	}
	if p.Typed(c) && p.Form.Method != "" {
		return c.of(payments.Method(p.Form.Method), p.Site)
	}
	if len(c.Prices) > 0 {
		return c.Prices[0].Item
	}
	return c.Item(p.Site)
}

// Terms are what the plan's form shows, for the order to be compared with.
func (p PlansPage) Terms(c PlanCard) string { return p.Priced(c).Terms() }

// Beside are the prices of the methods that cost something else than what is first shown.
func (p PlansPage) Beside(c PlanCard) (out []MethodPrice) {
	first := p.Priced(c).Terms()
	for _, m := range c.Prices {
		if p.Typed(c) && p.Form.Now != nil && string(m.Method) == p.Form.Method {
			continue
		}
		if m.Item.Terms() != first {
			out = append(out, m)
		}
	}
	return out
}

// PriceBy is the price of a method where it is another than what is first shown, "" where it
// is the same.
func (p PlansPage) PriceBy(c PlanCard, m payments.Method) string {
	for _, b := range p.Beside(c) {
		if b.Method == m {
			return p.Cost(b.Item)
		}
	}
	return ""
}

// Hint says what a promotion gives to whom.
func (p PlansPage) Hint(c PlanCard, x catalog.Promotion) string {
	cheap, _ := x.On(c.Item(p.Site))
	switch {
	case x.DiscountKind == catalog.EveryNth:
		return p.T("storefront.promotion.nth", "name", x.Name, "n", x.Value)
	case x.First || x.DiscountKind == catalog.Trial:
		return p.T("storefront.promotion.first", "name", x.Name, "price", p.Cost(cheap))
	}
	return p.T("storefront.promotion.each", "name", x.Name, "price", p.Cost(cheap), "n", x.MostEach)
}

// Cost is what an item costs: "Rp4.000", or that it is free.
func (b Base) Cost(i order.Item) string {
	if i.Free() {
		return b.T("storefront.price.free")
	}
	return i.Due().String()
}

// Changed are the terms that were shown and those of today, nil where the form
// was refused for another reason.
func (p PlansPage) Changed(c PlanCard) *ChangedTerms {
	if !p.Typed(c) || p.Form.Shown == "" {
		return nil
	}
	return p.ChangedTerms(p.Form.Shown, p.Priced(c))
}

// Typed reports whether the refused form was this plan's.
func (p PlansPage) Typed(c PlanCard) bool {
	return (p.Form.Message != "" || p.Form.Applied) && p.Form.PlanID == c.ID
}

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
	case payments.Cash, payments.Transfer, payments.StaticQRIS, payments.Credit, payments.Free:
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
