package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

var (
	// ErrMethodOff: the shop does not offer this way to pay.
	ErrMethodOff = fault.AtField("method", "order.method_off")
	// ErrMethodMinimum: it is offered for larger amounts only.
	ErrMethodMinimum = fault.AtField("method", "order.method_minimum")
)

// MethodRule says whether one way to pay is offered, and from which amount on.
type MethodRule struct {
	Method  payments.Method `json:"method"`
	On      bool            `json:"on"`
	Minimum money.Rupiah    `json:"minimum"`
}

// PaymentMethods are the rules of the shop, and of the sites that have their own.
type PaymentMethods struct {
	Shop  []MethodRule            `json:"shop"`
	Sites map[string][]MethodRule `json:"sites"`
}

// Own are the rules of a site, or of the shop for "", nil where there are none.
func (p PaymentMethods) Own(siteID string) []MethodRule {
	if siteID == "" {
		return p.Shop
	}
	return p.Sites[siteID]
}

// Of are the rules that hold at a site, in the order in which pages offer the methods: its own,
// else the shop's. Methods that these do not name follow as they are by default: QRIS for every
// amount, virtual accounts from a minimum on.
func (p PaymentMethods) Of(siteID string, vaMinimum money.Rupiah) []MethodRule {
	rules := p.Sites[siteID]
	if rules == nil {
		rules = p.Shop
	}
	out := slices.DeleteFunc(slices.Clone(rules), func(r MethodRule) bool { return !slices.Contains(payments.Offered, r.Method) })
	for _, m := range payments.Offered {
		if slices.ContainsFunc(out, func(r MethodRule) bool { return r.Method == m }) {
			continue
		}
		r := MethodRule{Method: m, On: true}
		if m.IsVA() {
			r.Minimum = vaMinimum
		}
		out = append(out, r)
	}
	return out
}

// MayPayBy says why an amount cannot be paid by a method, or nil. Errors: Invalid
// "order.method_off" and "order.method_minimum" at "method".
func MayPayBy(rules []MethodRule, m payments.Method, amount money.Rupiah) error {
	at := slices.IndexFunc(rules, func(r MethodRule) bool { return r.Method == m })
	switch {
	case at < 0 || !rules[at].On:
		return ErrMethodOff
	case amount < rules[at].Minimum:
		return ErrMethodMinimum
	}
	return nil
}

// MayPayRestBy is MayPayBy for what is left to pay of an order: where that is less than every
// minimum, each method that is on takes it, so that no order is stuck.
func MayPayRestBy(rules []MethodRule, m payments.Method, rest money.Rupiah) error {
	err := MayPayBy(rules, m, rest)
	if err == ErrMethodMinimum && !slices.ContainsFunc(rules, func(r MethodRule) bool { return r.On && rest >= r.Minimum }) { //nolint:errorlint // as it is made above
		return nil
	}
	return err
}

// ValidateMethods says what is wrong with rules, or nil. Errors: Invalid "methods.unknown",
// "methods.minimum" and "methods.none".
func ValidateMethods(rules []MethodRule) error {
	seen := map[payments.Method]bool{}
	on := false
	for _, r := range rules {
		if !slices.Contains(payments.Offered, r.Method) || seen[r.Method] {
			return fault.AtField("methods", "methods.unknown")
		}
		if r.Minimum < 0 || r.Minimum > money.Max {
			return fault.AtField("min-"+string(r.Method), "methods.minimum")
		}
		seen[r.Method], on = true, on || r.On
	}
	if !on {
		return fault.AtField("methods", "methods.none")
	}
	return nil
}

// MethodFields are rules as the history keeps them, "" for none of one's own.
func MethodFields(rules []MethodRule) Fields {
	var out []string
	for _, r := range rules {
		state := "off"
		if r.On {
			state = "on"
		}
		out = append(out, fmt.Sprintf("%s %s %d", r.Method, state, int64(r.Minimum)))
	}
	return Fields{"methods": strings.Join(out, ", ")}
}

// ReadMethods reads what MethodFields wrote. Errors: Invalid "methods.unknown".
func ReadMethods(text string) (rules []MethodRule, err error) {
	if text == "" {
		return nil, nil
	}
	for _, part := range strings.Split(text, ", ") {
		words := strings.Fields(part)
		if len(words) != 3 {
			return nil, fault.AtField("methods", "methods.unknown")
		}
		n, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			return nil, fault.AtField("methods", "methods.unknown")
		}
		rules = append(rules, MethodRule{payments.Method(words[0]), words[1] == "on", money.Rupiah(n)})
	}
	return rules, nil
}
