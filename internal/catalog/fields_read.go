package catalog

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/typed"
)

// Bounds of texts that are typed in forms, in characters.
const (
	longestLine = 200
	longestText = 1000
)

// fieldReader reads fields and keeps the first mistake.
type fieldReader struct {
	fields Fields
	err    error
}

// get is a field that is among those to be read, while no mistake was found.
func (r *fieldReader) get(field string) (string, bool) {
	text, there := r.fields[field]
	return text, there && r.err == nil
}

// line reads one line of text. A text that is longer than forms take, which a file may hold,
// stays as long as it is not touched.
func (r *fieldReader) line(field string, into *string, most int) {
	text, there := r.get(field)
	if !there || text == *into {
		return
	}
	clean, ok := typed.Name(text, most)
	if strings.TrimSpace(text) != "" && !ok || !utf8.ValidString(text) {
		r.err = fault.AtField(field, "catalogue.line")
		return
	}
	*into = clean
}

// flag reads true or false; an unticked box is "".
func (r *fieldReader) flag(field string, into *bool) {
	switch text, there := r.get(field); {
	case !there:
	case text == "true" || text == "1":
		*into = true
	case text == "false" || text == "":
		*into = false
	default:
		r.err = fault.AtField(field, "catalogue.choice")
	}
}

func (r *fieldReader) span(field string, into *time.Duration) {
	text, there := r.get(field)
	if !there {
		return
	}
	if *into = 0; text == "" {
		return
	}
	d, ok := typed.Duration(text)
	if *into = d; !ok {
		r.err = fault.AtField(field, "catalogue.duration")
	}
}

func (r *fieldReader) size(field string, into *int64) {
	text, there := r.get(field)
	if !there || text == SizeText(*into) {
		return
	}
	if *into = 0; text == "" {
		return
	}
	n, ok := typed.Size(text)
	if exact, plain := strings.CutSuffix(text, "B"); !ok && plain { // as SizeText writes what is no whole megabyte
		var err error
		n, err = strconv.ParseInt(exact, 10, 50)
		ok = err == nil && n > 0 && SizeText(n) == text
	}
	if *into = n; !ok {
		r.err = fault.AtField(field, "catalogue.size")
	}
}

func (r *fieldReader) count(field string, into *int) {
	text, there := r.get(field)
	if !there {
		return
	}
	n, ok := typed.Count(text)
	if *into = n; !ok {
		r.err = fault.AtField(field, "catalogue.count")
	}
}

// With is the plan with fields replaced; what is not among them stays, and id, position and
// site do in any case. Errors: Invalid at the field.
func (p Plan) With(f Fields) (Plan, error) {
	r := &fieldReader{fields: f}
	r.line("name", &p.Name, 60)
	if text, there := r.get("price"); there {
		n, err := money.ParseTyped(strings.TrimSpace(text))
		if p.Price = n; err != nil {
			r.err = fault.AtField("price", "catalogue.price")
		}
	}
	r.line("note", &p.Note, longestLine)
	r.span("validity", &p.Validity)
	if text, there := r.get("valid_from"); there {
		p.ValidFrom = order.ValidFrom(text)
	}
	r.span("uptime", &p.UptimeLimit)
	r.size("data", &p.DataLimit)
	r.line("rate", &p.RateLimit, longestLine)
	r.count("devices", &p.SharedUsers)
	r.line("profile", &p.Profile, longestLine)
	if text, there := r.get("delivery"); there {
		switch d := order.Delivery(text); {
		case text == "router":
			p.Delivery = order.Fresh
		case d.Stocked():
			p.Delivery = d
		default:
			r.err = fault.AtField("delivery", "catalogue.choice")
		}
	}
	r.flag("hidden", &p.Hidden)
	if r.err != nil {
		return p, r.err
	}
	return p, p.rules().first()
}

// With is the site with fields replaced; what is not among them stays, and the id and the
// position do in any case. Errors: Invalid at the field.
func (s Site) With(f Fields) (Site, error) {
	r := &fieldReader{fields: f}
	r.line("name", &s.Name, 80)
	r.line("slug", &s.Slug, longestLine)
	r.line("address", &s.Address, longestLine)
	r.line("timezone", &s.Timezone, longestLine)
	r.span("activation_delay", &s.Policies.ActivationDelay)
	if text, there := r.get("late_payment"); there {
		if s.Policies.RefundLate = text == "refund"; text != "refund" && text != "activate" {
			r.err = fault.AtField("late_payment", "catalogue.choice")
		}
	}
	r.line("ssid", &s.Portal.SSID, longestLine)
	if text, there := r.get("login_hosts"); there {
		s.LoginHosts = append([]string(nil), strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(", ;\r\n\t", c) })...)
		if len(s.LoginHosts) > maxFields {
			r.err = fault.AtField("login_hosts", "catalogue.login_hosts")
		}
	}
	s.Portal.Pass = s.Portal.Pass.with(r)
	r.flag("failover", &s.Failover)
	r.span("failover_after", &s.FailoverAfter)
	r.flag("hidden", &s.Hidden)
	if r.err != nil {
		return s, r.err
	}
	return s, s.rules().first()
}

// with replaces fields of the pass. What a pass that was off says of its rules is not asked.
func (p PassRules) with(r *fieldReader) PassRules {
	if p == (PassRules{}) {
		p = DefaultPass
	}
	if r.flag("pass_on", &p.On); !p.On {
		return p
	}
	r.span("pass_duration", &p.Duration)
	r.line("pass_rate", &p.RateLimit, longestLine)
	r.size("pass_data", &p.DataLimit)
	r.count("pass_per_router", &p.PerRouter)
	return p
}

// With is the brand with fields replaced; what is not among them stays, and the logo does in
// any case. Errors: Invalid at the field.
func (b Brand) With(f Fields) (Brand, error) {
	r := &fieldReader{fields: f}
	r.line("name", &b.Name, 60)
	r.line("tagline", &b.Tagline, longestLine)
	r.line("color", &b.Color, longestLine)
	r.line("phone", &b.Phone, longestLine)
	if text, there := r.get("whatsapp"); there {
		digits, ok := typed.WhatsApp(text)
		if b.WhatsApp = digits; !ok {
			r.err = fault.AtField("whatsapp", "catalogue.whatsapp")
		}
	}
	r.line("licence", &b.Licence, longestText)
	r.line("terms", &b.Terms, longestText)
	r.count("tax_percent", &b.TaxPercent)
	if r.err != nil {
		return b, r.err
	}
	return b, b.rules().first()
}
