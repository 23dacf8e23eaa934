package catalog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gerai/internal/fault"
	"gerai/payments"
)

// PromotionFields are the names of a promotion's fields in the order in which people read them.
var PromotionFields = []string{"name", "code", "cheaper", "value", "sites", "plans", "methods", "from", "until", "weekdays", "hours", "first", "most_uses", "most_each"}

// Fields are the promotion's rule.
func (p Promotion) Fields() Fields {
	count := func(n int64) string { return strconv.FormatInt(n, 10) }
	instant := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	f := Fields{"name": p.Name, "code": p.Code, "cheaper": string(p.DiscountKind), "value": count(p.Value), "sites": strings.Join(p.Sites, ", "), "plans": strings.Join(p.Plans, ", "),
		"methods": strings.ReplaceAll(p.methods(), ",", ", "), "from": instant(p.From), "until": instant(p.Until), "weekdays": strconv.Itoa(int(p.Weekdays)),
		"first": strconv.FormatBool(p.First), "most_uses": count(p.MostUses), "most_each": count(p.MostEach)}
	if !p.Hours.WholeDay() {
		f["hours"] = fmt.Sprintf("%02d:%02d-%02d:%02d", p.Hours.From/60, p.Hours.From%60, p.Hours.Until/60, p.Hours.Until%60)
	}
	return f
}

// With is the promotion with fields of its rule replaced, as Fields writes them; what is not
// among them stays. Errors: Invalid at the field.
func (p Promotion) With(f Fields) (Promotion, error) {
	var wrong error
	read := func(field string, into func(text string) error) {
		if text, there := f[field]; there && wrong == nil {
			if err := into(text); err != nil {
				wrong = fault.AtField(field, "catalogue.choice")
			}
		}
	}
	count := func(into *int64) func(string) error {
		return func(text string) (err error) {
			*into, err = strconv.ParseInt(text, 10, 64)
			return err
		}
	}
	list := func(text string) []string {
		if text == "" {
			return nil
		}
		return strings.Split(text, ", ")
	}
	instant := func(into *time.Time) func(string) error {
		return func(text string) (err error) {
			if *into = (time.Time{}); text != "" {
				*into, err = time.Parse(time.RFC3339Nano, text)
			}
			return err
		}
	}
	read("name", func(text string) error { p.Name = text; return nil })
	read("code", func(text string) error { p.Code = text; return nil })
	read("cheaper", func(text string) error { p.DiscountKind = DiscountKind(text); return nil })
	read("value", count(&p.Value))
	read("sites", func(text string) error { p.Sites = list(text); return nil })
	read("plans", func(text string) error { p.Plans = list(text); return nil })
	read("methods", func(text string) error {
		p.Methods = nil
		for _, m := range list(text) {
			p.Methods = append(p.Methods, payments.Method(m))
		}
		return nil
	})
	read("from", instant(&p.From))
	read("until", instant(&p.Until))
	read("weekdays", func(text string) error {
		n, err := strconv.ParseUint(text, 10, 7)
		p.Weekdays = Weekdays(n)
		return err
	})
	read("hours", func(text string) error {
		if p.Hours = (Hours{}); text == "" {
			return nil
		}
		var a, b, c, d int
		_, err := fmt.Sscanf(text, "%d:%d-%d:%d", &a, &b, &c, &d)
		p.Hours = Hours{a*60 + b, c*60 + d}
		return err
	})
	read("first", func(text string) (err error) { p.First, err = strconv.ParseBool(text); return err })
	read("most_uses", count(&p.MostUses))
	read("most_each", count(&p.MostEach))
	return p, wrong
}
