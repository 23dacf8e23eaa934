package catalog

import (
	"slices"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/glyph"
	"gerai/internal/money"
	"gerai/payments"
)

// Bounds of a promotion.
const (
	longestPromotion = 40 // characters of a name
	mostPercent      = 99
	mostNth          = 100
	leastNth         = 2
	// MostUses bounds how often a promotion may be limited to.
	MostUses = 1_000_000
)

// PromotionMethods are those that a promotion may be for: "va" stands for every bank.
var PromotionMethods = func() []payments.Method {
	out := []payments.Method{payments.QRIS, "va"}
	for _, b := range payments.Banks {
		out = append(out, payments.VA(b))
	}
	return out
}()

// Validate says what is wrong with a promotion, or nil. plans are all there are: a fixed price
// must be below that of each plan it is for, so that no promotion is a surcharge. Errors:
// Invalid at the field.
func (p Promotion) Validate(plans []Plan) error {
	if n := len([]rune(p.Name)); n < 1 || n > longestPromotion || strings.TrimSpace(p.Name) != p.Name || glyph.Missing(p.Name) != "" {
		return fault.AtField("name", "promotion.name")
	}
	if p.Code != "" {
		if code, ok := ParsePromotionCode(p.Code); !ok || code != p.Code {
			return fault.AtField("code", "promotion.code")
		}
	}
	for _, check := range []func([]Plan) error{p.validateValue, p.validateWhere, p.validateWhen} {
		if err := check(plans); err != nil {
			return err
		}
	}
	if p.MostUses < 0 || p.MostUses > MostUses {
		return fault.AtField("most_uses", "promotion.count")
	}
	if p.MostEach < 0 || p.MostEach > MostUses {
		return fault.AtField("most_each", "promotion.count")
	}
	return nil
}

func (p Promotion) validateValue([]Plan) error {
	least, most, wrong := int64(0), int64(0), fault.AtField("cheaper", "promotion.cheaper")
	switch p.DiscountKind {
	case AmountOff:
		least, most, wrong = 1, int64(money.Max), fault.AtField("value", "promotion.value_amount")
	case FixedPrice:
		least, most, wrong = int64(LeastPrice), int64(money.Max), fault.AtField("value", "promotion.value_price")
	case PercentOff:
		least, most, wrong = 1, mostPercent, fault.AtField("value", "promotion.value_percent")
	case EveryNth:
		least, most, wrong = leastNth, mostNth, fault.AtField("value", "promotion.value_nth")
	case Trial:
		wrong = fault.AtField("value", "promotion.value_trial")
	default:
		return wrong
	}
	if p.Value < least || p.Value > most {
		return wrong
	}
	return nil
}

func (p Promotion) validateWhere(plans []Plan) error {
	for _, id := range p.Plans {
		if !slices.ContainsFunc(plans, func(have Plan) bool {
			return have.ID == id && (len(p.Sites) == 0 || slices.Contains(p.Sites, have.SiteID))
		}) {
			return fault.AtField("plans", "promotion.plans")
		}
	}
	if p.DiscountKind == Trial && len(p.Plans) == 0 {
		return fault.AtField("plans", "promotion.trial_plans")
	}
	for _, m := range p.Methods {
		if !slices.Contains(PromotionMethods, m) || p.DiscountKind.Free() {
			return fault.AtField("methods", "promotion.methods")
		}
	}
	if p.DiscountKind != FixedPrice {
		return nil
	}
	for _, plan := range plans {
		if p.Sells(plan.SiteID, plan.ID) && !plan.Hidden && int64(plan.Price) <= p.Value {
			return fault.AtField("value", "promotion.surcharge")
		}
	}
	return nil
}

func (p Promotion) validateWhen([]Plan) error {
	switch {
	case !p.Until.IsZero() && !p.From.IsZero() && !p.Until.After(p.From):
		return fault.AtField("until", "promotion.until")
	case p.Weekdays >= 1<<7:
		return fault.AtField("weekdays", "promotion.weekdays")
	case p.Hours.From < 0 || p.Hours.From >= dayMinutes || p.Hours.Until < 0 || p.Hours.Until >= dayMinutes:
		return fault.AtField("hours_from", "promotion.hours_form")
	}
	return nil
}
