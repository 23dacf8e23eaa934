package order

import (
	"strconv"
	"time"

	"gerai/internal/money"
)

// Keys of what a gateway keeps with a charge. Charges live on at the gateway: no key may
// ever mean something else.
const (
	metaKind      = "kind" // voucher or extension
	metaTarget    = "target"
	metaSite      = "site"
	metaPlan      = "plan"
	metaName      = "plan_name"
	metaPrice     = "price"
	metaValidity  = "validity"
	metaValidFrom = "valid_from"
	metaUptime    = "uptime_limit"
	metaData      = "data_limit"
	metaRate      = "rate_limit"
	metaDevices   = "devices"
	metaProfile   = "profile"
	metaDelivery  = "delivery"
	metaDelay     = "delay"
	metaLate      = "refund_late"
	metaDiscount  = "discount"
	metaPromotion = "promotion"
	metaPromoted  = "promotion_name"
	metaMethods   = "promotion_methods"
)

const (
	kindVoucher   = "voucher"
	kindExtension = "extension"
	// longestName keeps a value below what gateways take.
	longestName = 200
)

// Metadata is what the gateway keeps with each charge of an order, so that an order that
// the books do not know can be made again: what was sold, where, and what it lengthens.
// Never a phone number or a credential. target is the code of the order whose
// voucher an extension lengthens, "" for a voucher of its own. It is the same at
// every call, as an idempotent request has to be.
func (o Order) Metadata(target Code) map[string]string {
	i := o.Item
	m := map[string]string{metaKind: kindVoucher, metaSite: o.SiteID, metaPlan: i.PlanID, metaName: cutName(i.Name), metaPrice: number64(int64(i.Price)),
		metaValidity: i.Validity.String(), metaValidFrom: string(i.ValidFrom), metaDevices: strconv.Itoa(i.SharedUsers)}
	if target != "" {
		m[metaKind], m[metaTarget] = kindExtension, string(target)
	}
	for key, value := range map[string]string{metaRate: i.RateLimit, metaProfile: i.Profile, metaDelivery: string(i.Delivery)} {
		if value != "" {
			m[key] = value
		}
	}
	for key, d := range map[string]time.Duration{metaUptime: i.UptimeLimit, metaDelay: i.SitePolicies.ActivationDelay} {
		if d != 0 {
			m[key] = d.String()
		}
	}
	if i.DataLimit != 0 {
		m[metaData] = number64(i.DataLimit)
	}
	if i.Discount != 0 {
		m[metaDiscount], m[metaPromotion], m[metaPromoted] = number64(int64(i.Discount)), i.Promotion.ID, cutName(i.Promotion.Name)
		if i.Promotion.Methods != "" {
			m[metaMethods] = i.Promotion.Methods
		}
	}
	if i.SitePolicies.RefundLate {
		m[metaLate] = "true"
	}
	return m
}

// Recorded is what a charge's metadata says of its order.
type Recorded struct {
	SiteID string
	Item   Item
	Target Code // of the order whose voucher is extended, "" for a voucher of its own
}

// ParseMetadata reads what Metadata wrote. false: the charge is not one of an order, or
// says too little to make it again.
func ParseMetadata(m map[string]string) (r Recorded, ok bool) {
	p := metaParser{m: m, ok: true}
	r.SiteID = m[metaSite]
	r.Item = Item{PlanID: m[metaPlan], Name: m[metaName], Price: money.Rupiah(p.number(metaPrice)), Validity: p.duration(metaValidity), ValidFrom: ValidFrom(m[metaValidFrom]),
		UptimeLimit: p.duration(metaUptime), DataLimit: p.number(metaData), RateLimit: m[metaRate], SharedUsers: int(p.number(metaDevices)), Profile: m[metaProfile],
		Delivery: Delivery(m[metaDelivery]), SitePolicies: Policies{ActivationDelay: p.duration(metaDelay), RefundLate: m[metaLate] == "true"},
		Discount: money.Rupiah(p.number(metaDiscount)), Promotion: Promotion{ID: m[metaPromotion], Name: m[metaPromoted], Methods: m[metaMethods]}}
	if target := m[metaTarget]; target != "" {
		var readable bool
		r.Target, readable = ParseCode(target)
		p.ok = p.ok && readable
	}
	kind := m[metaKind]
	known := kind == kindVoucher && r.Target == "" || kind == kindExtension && r.Target != ""
	from := r.Item.ValidFrom == FromPurchase || r.Item.ValidFrom == FromFirstLogin
	_, lasts := m[metaValidity]
	return r, p.ok && known && from && lasts && r.SiteID != "" && r.Item.PlanID != "" && r.Item.Due() > 0 && (r.Item.Discount > 0) == (r.Item.Promotion.ID != "") && r.Item.SharedUsers > 0
}

// metaParser notes whether everything was readable.
type metaParser struct {
	m  map[string]string
	ok bool
}

func (p *metaParser) number(key string) int64 {
	text, given := p.m[key]
	if !given {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	p.ok = p.ok && err == nil && n >= 0
	return n
}

func (p *metaParser) duration(key string) time.Duration {
	text, given := p.m[key]
	if !given {
		return 0
	}
	d, err := time.ParseDuration(text)
	p.ok = p.ok && err == nil && d >= 0
	return d
}

func number64(n int64) string { return strconv.FormatInt(n, 10) }

func cutName(s string) string {
	if r := []rune(s); len(r) > longestName {
		return string(r[:longestName])
	}
	return s
}
