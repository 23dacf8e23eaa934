package templates

import (
	"strings"
	"time"

	"gerai/internal/order"
)

// ChangedTerms are the price and the terms that a form showed, "" where they
// cannot be read, and those that hold now.
type ChangedTerms struct{ Was, Now string }

// ChangedTerms puts the shown terms beside today's.
func (b Base) ChangedTerms(shown string, now order.Item) *ChangedTerms {
	c := &ChangedTerms{Now: b.TermsText(now)}
	if was, ok := order.ParseTerms(shown); ok {
		c.Was = b.TermsText(was)
	}
	return c
}

// TermsText says price and terms in one line: "Rp5.000 · 1 hari sejak aktif · 1
// perangkat".
func (b Base) TermsText(i order.Item) string {
	parts := append([]string{b.Cost(i)}, b.limits(i)...)
	for _, rule := range b.Policy(i.SitePolicies) {
		parts = append(parts, strings.TrimSuffix(rule, "."))
	}
	return strings.Join(parts, " · ")
}

// limits are what one gets, and for how long.
func (b Base) limits(i order.Item) (parts []string) {
	if i.Validity > 0 {
		parts = append(parts, b.T("storefront.plan.validity."+string(i.ValidFrom), "span", b.Span(i.Validity)))
	} else {
		parts = append(parts, b.T("storefront.plan.forever"))
	}
	if i.UptimeLimit > 0 {
		parts = append(parts, b.T("storefront.plan.uptime", "span", b.Hours(i.UptimeLimit)))
	}
	if i.DataLimit > 0 {
		parts = append(parts, b.T("storefront.plan.quota", "data", b.Data(i.DataLimit)))
	} else {
		parts = append(parts, b.T("storefront.plan.noquota"))
	}
	if speed := b.Speed(i.RateLimit); speed != "" {
		parts = append(parts, b.T("storefront.plan.speed", "speed", speed))
	}
	return append(parts, b.Devices(i.SharedUsers))
}

// Policy says what a customer should know of a hotspot's rules before paying: a
// wait after the payment, and what happens to money that comes too late.
func (b Base) Policy(p order.Policies) []string {
	var out []string
	if p.ActivationDelay > 0 {
		out = append(out, b.T("storefront.policy.delay", "span", b.Span(p.ActivationDelay)))
	}
	if p.RefundLate {
		if b.RefundDays > 0 {
			return append(out, b.T("storefront.policy.late_refund_by", "span", b.Span(time.Duration(b.RefundDays)*24*time.Hour)))
		}
		return append(out, b.T("storefront.policy.late_refund"))
	}
	return append(out, b.T("storefront.policy.late_works"))
}

// AwayText warns before paying that the router does not answer; seen is its last
// contact, zero when it never had one.
func (b Base) AwayText(seen time.Time) string {
	if seen.IsZero() {
		return b.T("storefront.policy.away_never")
	}
	return b.T("storefront.policy.away", "seen", b.When(seen))
}
