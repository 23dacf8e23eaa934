package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	rupiah "gerai/internal/money"
	"gerai/internal/typed"
	"gerai/templates"
)

// Boxes of lists are fields of their own: a name and what is ticked.
const (
	siteBox   = "site-"
	planBox   = "plan-"
	methodBox = "method-"
	dayBox    = "day-"
)

// instantForm is how browsers write the day and hour of a field.
const instantForm = "2006-01-02T15:04"

// promotionView is what a promotion's page shows.
type promotionView struct {
	rule  catalog.Promotion
	known bool   // it is kept already
	nonce string // of a new one
}

// promotionFields are the fields that keep what was typed; boxes come beside them.
var promotionFields = []string{"name", "code", "cheaper", "value", "from", "until", "hours_from", "hours_until", "first", "most_uses", "most_each"}

// readPromotion reads the form. Errors: Invalid at the field.
func readPromotion(k *web.Request) (p catalog.Promotion, err error) {
	places, err := promotionPlaces(k)
	if err != nil {
		return p, err
	}
	p.Name, p.DiscountKind, p.First = strings.TrimSpace(strings.Clone(k.FormValue("name"))), catalog.DiscountKind(strings.Clone(k.FormValue("cheaper"))), k.FormValue("first") != ""
	if code := strings.TrimSpace(k.FormValue("code")); code != "" {
		var ok bool
		if p.Code, ok = catalog.ParsePromotionCode(code); !ok {
			return p, fault.AtField("code", "promotion.code")
		}
	}
	for _, s := range places.sites {
		if k.FormValue(siteBox+s.ID) != "" {
			p.Sites = append(p.Sites, s.ID)
		}
	}
	for _, x := range places.plans {
		if k.FormValue(planBox+x.ID) != "" {
			p.Plans = append(p.Plans, x.ID)
		}
	}
	for _, m := range catalog.PromotionMethods {
		if k.FormValue(methodBox+string(m)) != "" {
			p.Methods = append(p.Methods, m)
		}
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if k.FormValue(dayBox+strconv.Itoa(int(d))) != "" {
			p.Weekdays |= catalog.WeekdaysOf(d)
		}
	}
	if p.Value, err = promotionValue(k, p.DiscountKind); err != nil {
		return p, err
	}
	if p.From, err = instant(k, "from"); err != nil {
		return p, err
	}
	if p.Until, err = instant(k, "until"); err != nil {
		return p, err
	}
	if p.Hours, err = hours(k); err != nil {
		return p, err
	}
	if p.MostUses, err = limit(k, "most_uses"); err != nil {
		return p, err
	}
	p.MostEach, err = limit(k, "most_each")
	return p, err
}

// promotionValue reads the number that goes with a kind of discount; -1 is none, which no kind takes.
func promotionValue(k *web.Request, how catalog.DiscountKind) (int64, error) {
	text := strings.TrimSpace(k.FormValue("value"))
	switch {
	case text == "" && how == catalog.Trial:
		return 0, nil
	case how == catalog.AmountOff || how == catalog.FixedPrice:
		if n, ok := rupiah.ParseField(text); ok {
			return int64(n), nil
		}
	case how == catalog.PercentOff || how == catalog.EveryNth:
		if n, ok := typed.Count(strings.TrimSuffix(text, "%")); ok {
			return int64(n), nil
		}
	}
	return -1, nil // the rule names the field and what belongs there
}

// instant reads a day and an hour in the operator's zone, zero for an empty field.
func instant(k *web.Request, field string) (time.Time, error) {
	text := k.FormValue(field)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(instantForm, text, k.Zone)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}, fault.AtField(field, "promotion.instant")
	}
	return t, nil
}

// hours reads the span of the day; both fields or none.
func hours(k *web.Request) (h catalog.Hours, err error) {
	if k.FormValue("hours_from") == "" && k.FormValue("hours_until") == "" {
		return h, nil
	}
	for field, into := range map[string]*int{"hours_from": &h.From, "hours_until": &h.Until} {
		t, err := time.Parse("15:04", k.FormValue(field))
		if err != nil {
			return h, fault.AtField(field, "promotion.hours_form")
		}
		*into = t.Hour()*60 + t.Minute()
	}
	return h, nil
}

// limit reads a number of uses, 0 for an empty field.
func limit(k *web.Request, field string) (int64, error) {
	if strings.TrimSpace(k.FormValue(field)) == "" {
		return 0, nil
	}
	n, ok := typed.Count(k.FormValue(field))
	if !ok || n < 1 {
		return 0, fault.AtField(field, "promotion.count")
	}
	return int64(n), nil
}

// promotionPlace are the sites and plans that an account may make promotions for.
type promotionPlace struct {
	sites []catalog.Site
	plans []catalog.Plan
	names map[string]string // of sites
}

func promotionPlaces(k *web.Request) (out promotionPlace, err error) {
	all, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return out, err
	}
	out.names = map[string]string{}
	for _, s := range all {
		if !k.Principal.Serves(s.ID) {
			continue
		}
		plans, err := k.Store.Plans(k.AuditContext(), s.ID)
		if err != nil {
			return out, err
		}
		out.sites, out.names[s.ID] = append(out.sites, s), s.Name
		out.plans = append(out.plans, slices.DeleteFunc(plans, func(p catalog.Plan) bool { return p.Hidden })...)
	}
	return out, nil
}

// refusedPromotion shows the form again with what was typed and what is wrong with it.
func refusedPromotion(k *web.Request, v promotionView, err error) error {
	fields := slices.Clone(promotionFields)
	form, shown := k.Typed(err, fields...)
	if !shown {
		return err
	}
	return showPromotion(k, httpx.Status(err), v, form)
}

func showPromotion(k *web.Request, status int, v promotionView, form templates.Typed) error {
	p, err := k.Panel("promotions")
	if err != nil {
		return err
	}
	places, err := promotionPlaces(k)
	if err != nil {
		return err
	}
	p.Form = form
	line, err := promotionLine(k, v.rule)
	if err != nil {
		return err
	}
	page := templates.PromotionPage{Panel: p, PromotionLine: line, Known: v.known, Nonce: v.nonce, Whole: k.Principal.AllSites(), Values: promotionValues(k, v)}
	page.CanEdit = line.CanEdit || !v.known
	refused := form.Message != ""
	box := func(name string, chosen bool) bool { return refused && k.FormValue(name) != "" || !refused && chosen }
	r := v.rule
	for _, how := range catalog.DiscountKinds {
		page.Kinds = append(page.Kinds, templates.Choice{Value: string(how), Name: p.T("catalogue.promotion.kind." + string(how)), Chosen: string(how) == form.Value("cheaper", string(r.DiscountKind))})
	}
	for _, s := range places.sites {
		page.Sites = append(page.Sites, templates.Choice{Value: siteBox + s.ID, Name: s.Name, Chosen: box(siteBox+s.ID, slices.Contains(r.Sites, s.ID))})
	}
	for _, x := range places.plans {
		page.Plans = append(page.Plans, templates.Choice{Value: planBox + x.ID, Name: fmt.Sprintf("%s · %s · %s", x.Name, x.Price, places.names[x.SiteID]), Chosen: box(planBox+x.ID, slices.Contains(r.Plans, x.ID))})
	}
	for _, m := range catalog.PromotionMethods {
		name := p.T("catalogue.promotion.any_bank")
		if m != "va" {
			name = p.MethodName(m)
		}
		page.Methods = append(page.Methods, templates.Choice{Value: methodBox + string(m), Name: name, Chosen: box(methodBox+string(m), slices.Contains(r.Methods, m))})
	}
	for i := range 7 {
		d := time.Weekday((i + 1) % 7) // the week begins on Monday
		name := dayBox + strconv.Itoa(int(d))
		page.Days = append(page.Days, templates.Choice{Value: name, Name: p.WeekdayName(d), Chosen: box(name, r.Weekdays != 0 && r.Weekdays.Has(d))})
	}
	page.First = box("first", r.First)
	if v.known {
		if page.Orders, err = promotionOrders(k, r.ID); err != nil {
			return err
		}
	}
	return k.SendPage(status, p.Theme, page)
}

// latestOrders is how many orders a promotion's page lists.
const latestOrders = 20

// promotionOrders are the newest orders under a promotion at the account's sites.
func promotionOrders(k *web.Request, id string) (out []templates.PromotionOrder, err error) {
	all, err := k.Store.PromotionOrders(k.AuditContext(), id, k.Principal.Sites, "", latestOrders)
	for _, o := range all {
		out = append(out, templates.PromotionOrder{ID: o.ID, Code: o.Code, Status: o.Status, Discount: o.Discount, Total: o.Total, At: o.CreatedAt})
	}
	return out, err
}

// promotionValues are the fields as the rule says them.
func promotionValues(k *web.Request, v promotionView) map[string]string {
	r := v.rule
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(k.Zone).Format(instantForm)
	}
	count := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	hour := func(minute int) string {
		if r.Hours.WholeDay() {
			return ""
		}
		return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
	}
	return map[string]string{"name": r.Name, "code": r.Code, "value": count(r.Value), "from": at(r.From), "until": at(r.Until), "hours_from": hour(r.Hours.From), "hours_until": hour(r.Hours.Until),
		"most_uses": count(r.MostUses), "most_each": count(r.MostEach)}
}
