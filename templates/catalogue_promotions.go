package templates

import (
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
)

var promotionPages = []Page{PromotionListPage{}, PromotionPage{}}

// PromotionListPage lists promotions and where each stands.
type PromotionListPage struct {
	Panel
	Promotions []PromotionLine
}

// PromotionLine is one promotion of a list.
type PromotionLine struct {
	catalog.Promotion
	State   catalog.PromotionState
	CanEdit bool
}

// Waiting is how many of its uses are not paid yet.
func (l PromotionLine) Waiting() int64 { return l.Used - l.Paid }

// Ended reports whether its time is over for good.
func (l PromotionLine) Ended() bool { return l.State == catalog.PromotionEnded }

func (PromotionListPage) file() string { return "catalogue/promotions.html" }

// Title names the page in the browser's tab.
func (p PromotionListPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PromotionListPage) Heading() string { return p.T("catalogue.promotions") }

// PromotionPage is one promotion, or the form of a new one.
type PromotionPage struct {
	Panel
	PromotionLine
	Known                              bool
	Whole                              bool   // the account has all sites
	Nonce                              string // of a new one
	Kinds, Sites, Plans, Methods, Days []Choice
	First                              bool
	Values                             map[string]string
	Orders                             []PromotionOrder
}

// PromotionOrder is one order under a promotion.
type PromotionOrder struct {
	ID              order.ID
	Code            order.Code
	Status          order.Status
	Discount, Total money.Rupiah
	At              time.Time
}

// Now is what a field holds: what was typed, else the rule.
func (p PromotionPage) Now(field string) string { return p.Form.Value(field, p.Values[field]) }

func (PromotionPage) file() string { return "catalogue/promotion.html" }

// Title names the page in the browser's tab.
func (p PromotionPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PromotionPage) Heading() string {
	if !p.Known {
		return p.T("catalogue.promotion.new")
	}
	return p.Name
}

// PromotionGives says what a promotion does to a price: "Rp1.000 off".
func (p Panel) PromotionGives(x catalog.Promotion) string {
	key := "catalogue.promotion.gives." + string(x.DiscountKind)
	if x.DiscountKind == catalog.AmountOff || x.DiscountKind == catalog.FixedPrice {
		return p.T(key, "amount", money.Rupiah(x.Value))
	}
	return p.T(key, "n", x.Value)
}

// PromotionHolds says when and for whom it holds, in short words.
func (p Panel) PromotionHolds(x catalog.Promotion) string {
	var out []string
	if x.Code != "" {
		out = append(out, p.T("catalogue.promotion.holds.code", "code", x.Code))
	}
	if !x.From.IsZero() {
		out = append(out, p.T("catalogue.promotion.holds.from", "time", p.When(x.From)))
	}
	if !x.Until.IsZero() {
		out = append(out, p.T("catalogue.promotion.holds.until", "time", p.When(x.Until)))
	}
	if x.Weekdays != 0 {
		var days []string
		for i := range 7 {
			if d := time.Weekday((i + 1) % 7); x.Weekdays.Has(d) {
				days = append(days, p.WeekdayName(d))
			}
		}
		out = append(out, strings.Join(days, ", "))
	}
	if x.First {
		out = append(out, p.T("catalogue.promotion.holds.first"))
	}
	return strings.Join(out, " · ")
}

// WeekdayName is the name of a day of the week.
func (b Base) WeekdayName(d time.Weekday) string {
	return b.T("common.weekday." + strings.ToLower(d.String()))
}
