package templates

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/payments"
)

var (
	jakarta = time.FixedZone("WIB", 7*3600)
	noon    = time.Date(2026, 11, 24, 7, 18, 0, 0, time.UTC)
)

// nasty is put into every free text of a page.
const nasty = `"><script>alert(1)</script>'{{.}}` + "\u202e\x00//evil.example"

// sample builds every page three ways: empty, usual and nasty.
func samples(l Lang) map[string]Page {
	out := map[string]Page{}
	for _, kind := range []string{"empty", "usual", "nasty"} {
		text := func(usual string) string {
			switch kind {
			case "empty":
				return ""
			case "nasty":
				return nasty
			}
			return usual
		}
		base := sampleBase(l, text)
		add := func(name string, p Page) { out[kind+"-"+name] = p }
		if kind != "empty" {
			base.Hints = order.Hints{MAC: text("AA:BB:CC:00:11:22"), IP: text("10.5.50.9"), LoginURL: text("http://hs.example/login"), OrigURL: text(""), ServerName: text("hs1")}
		}
		home := HomePage{Base: base}
		plans := PlansPage{Base: base, Site: catalog.Site{Slug: "warung-bu-sri", Name: text("Warung Bu Sri")}, Nonce: "n0nce"}
		if kind != "empty" {
			home.Sites = []catalog.Site{{Slug: "warung-bu-sri", Name: text("Warung Bu Sri"), Address: text("Jl. Melati 4, Bantul")}, {Slug: "pos-ronda", Name: text("Pos Ronda RT 05")}}
			plans.Plans = samplePlans(text)
		}
		add("home", home)
		add("plans", plans)
		if kind != "empty" {
			plans.Unpaid = true
			plans.Form = PlanForm{PlanID: "p2", Method: "va:BNI", Phone: text("08-12"), Field: "phone", Message: Text(l, "fault.order.phone_invalid")}
			add("plans-wrong", plans)
			plans.Form.PlanID = "gone"
			add("plans-stray", plans)
		}
		claim := ClaimPage{Base: base}
		add("claim", claim)
		claim.Code, claim.Claim, claim.Message = text("ABCD-EFGX"), text("QRST23"), Text(l, "fault.claim.no_match")
		add("claim-wrong", claim)
		gone := ErrorPage{Base: base, Code: 404, Text: Text(l, "fault.site.closed"), Sites: home.Sites}
		add("error-site", gone)
		for _, code := range []int{400, 403, 404, 405, 409, 413, 418, 429, 500, 502, 503} {
			add(fmt.Sprint("error-", code), ErrorPage{Base: base, Code: code})
		}
		busy := BusyPage{Base: base}
		add("busy", busy)
		busy.Repeat, busy.Press, busy.Fields = true, "3", []Field{{"plan", text("p2")}, {"phone", text("0812 3456 7890")}}
		add("busy-unknown", busy)
		busy.Refused = true
		add("busy-refused", busy)
		add("error-text", ErrorPage{Base: base, Code: 404, Text: text("Hotspot ini tidak ada.")})
		for _, s := range OrderStates {
			add("order-"+string(s), sampleOrder(base, s, text))
		}
		noted := sampleOrder(base, StateActive, text)
		noted.Notes = []Notice{{Text: Text(l, "storefront.flag.late")}, {Text: Text(l, "storefront.flag.duplicate_payment", "code", "ABCD-EFGH")}}
		noted.Notice = &Notice{Text: Text(l, "storefront.notice.connected"), Good: true}
		noted.Voucher.ValidUntil = noon.Add(23 * time.Hour)
		noted.Notice = &Notice{Text: Text(l, "storefront.notice.moved"), Good: true}
		noted.Use = &Use{At: noon, Left: 23 * time.Hour, Uptime: 90 * time.Minute, Data: 1_234_567_890, Devices: []string{text("…EE:FF"), text("…00:11")}}
		noted.Allowed.UptimeLimit, noted.Allowed.SharedUsers = 4*time.Hour, 2
		add("order-active-noted", noted)
		for _, s := range []PassState{PassReady, PassElsewhere, PassRunning, PassUsed} {
			paying := sampleOrder(base, StatePayQR, text)
			paying.Pass = &Pass{State: s, Duration: 5 * time.Minute, Data: 20_000_000, Until: noon.Add(4 * time.Minute)}
			paying.Account = "k7m2pqr"
			add("order-pass-"+string(s), paying)
		}
		forgettable := sampleOrder(base, StateEnded, text)
		forgettable.Erasable, forgettable.Phone = true, "+6281234567890"
		add("order-forgettable", forgettable)
		for i, paper := range Papers {
			add("poster-"+string(paper), PosterPage{Base: base, Paper: paper, Site: catalog.Site{Slug: "warung-bu-sri", Name: text("Warung Bu Sri"), Portal: catalog.Portal{SSID: text("WARUNG BU SRI")}},
				Address: "kampung.example/h/warung-bu-sri", Claim: "kampung.example/klaim", Prices: i%2 == 0, Plans: plansOf(plans.Plans)})
			add("receipt-"+string(paper), sampleReceipt(base, paper, text))
		}
	}
	return out
}

func sampleBase(l Lang, text func(string) string) Base {
	brand := catalog.Brand{Name: text("Kampung Net"), Tagline: text("Internet cepat untuk warga"), Color: "#0b6e4f", Phone: text("0812-3456-7890"),
		WhatsApp: "6281234567890", Licence: text("PT Jaringan Desa · ISP 123/2024"), Terms: text("Voucher yang tidak aktif dalam 24 jam diganti uang.")}
	if strings.Contains(brand.Name, "Kampung") {
		brand.Name = "Kampung Net"
	} else if brand.Name == "" {
		brand = catalog.DefaultBrand
	}
	return Base{Lang: l, Theme: NewTheme(brand), Zone: jakarta, Now: noon, Path: "/x", Query: url.Values{"code": {text("AB")}}, Test: brand.Phone == ""}
}

func plansOf(cards []PlanCard) (out []catalog.Plan) {
	for _, c := range cards {
		out = append(out, c.Plan)
	}
	return out
}

func sampleReceipt(b Base, paper Paper, text func(string) string) ReceiptPage {
	b.Private, b.Path = true, "/o/0123456789abcdef0123456789abcdef01234567/receipt"
	return ReceiptPage{Base: b, Paper: paper, Token: "0123456789abcdef0123456789abcdef01234567", Number: "2026-000123", Code: "ABCDEFGH", PaidAt: noon, Site: text("Warung Bu Sri"),
		Item: order.Item{Name: text("Harian")}, Extension: paper == Roll58, Total: 5000, TaxPercent: 11, Tax: 495,
		Payments: []order.Payment{{Key: text("pr-0123"), Reference: "ABCDEFGH-1", Method: payments.QRIS, Amount: 5000, PaidAt: noon}},
		Refunds:  []order.Refund{{Amount: 2000, DueAt: noon}, {Amount: 500, DueAt: noon, DoneAt: noon}}}
}

func samplePlans(text func(string) string) []PlanCard {
	ways := []payments.Method{payments.QRIS}
	all := append([]payments.Method{payments.QRIS}, payments.VA("BCA"), payments.VA("BNI"), payments.VA("MANDIRI"))
	return []PlanCard{
		{Plan: catalog.Plan{ID: "p1", Name: text("3 Jam"), Price: 3000, Validity: 3 * time.Hour, ValidFrom: order.FromFirstLogin, SharedUsers: 1, RateLimit: "2M/5M"}, Methods: ways},
		{Plan: catalog.Plan{ID: "p2", Name: text("Harian"), Note: text("Paling laku"), Price: 5000, Validity: 24 * time.Hour, ValidFrom: order.FromPurchase, DataLimit: 2 << 30, SharedUsers: 1, RateLimit: "5M/10M"}, Methods: ways},
		{Plan: catalog.Plan{ID: "p3", Name: text("Mingguan"), Price: 20000, Validity: 7 * 24 * time.Hour, ValidFrom: order.FromFirstLogin, SharedUsers: 2, RateLimit: "5M/10M"}, Methods: all},
		{Plan: catalog.Plan{ID: "p4", Name: text("Bulanan keluarga"), Note: text("Untuk rumah, sampai empat perangkat sekaligus"), Price: 100000, UptimeLimit: 100 * time.Hour, SharedUsers: 4}, Methods: all},
	}
}

func sampleOrder(b Base, s OrderState, text func(string) string) OrderPage {
	b.Private, b.Path = true, "/o/0123456789abcdef0123456789abcdef01234567"
	p := OrderPage{Base: b, State: s, Token: "0123456789abcdef0123456789abcdef01234567", Code: "ABCDEFGH", Claim: "QRST23", Site: text("Warung Bu Sri"), SiteSlug: "warung-bu-sri",
		Address: "kampung.example/klaim", Item: order.Item{PlanID: "p2", Name: text("Harian"), Price: 5000, Validity: 24 * time.Hour, ValidFrom: order.FromFirstLogin, DataLimit: 2 << 30, SharedUsers: 1, RateLimit: "5M/10M"},
		Total: 5000, Due: 5000, Deadline: noon.Add(14 * time.Minute), Merchant: text("KAMPUNG NET"), Method: payments.QRIS, Tag: `"t"`, Fingerprint: string(s), Nonce: "n0nce"}
	p.Methods = []payments.Method{payments.QRIS, payments.VA("BCA"), payments.VA("BNI"), payments.VA("BRI"), payments.VA("MANDIRI"), payments.VA("PERMATA")}
	switch s {
	case StatePayVA:
		p.Method, p.VA, p.Due, p.Total = payments.VA("BCA"), "8808123456789012", 20000, 20000
	case StateShort, StateExpiredShort:
		p.Paid, p.Due = 3000, 2000
	case StateActive, StateUsedUp:
		p.Voucher = &Voucher{Username: "k7m2pqr", Password: "482937", LoginURL: "http://hs.example/login"}
		p.Use, p.Allowed = &Use{}, p.Item
	case StateRefunded, StateLateRefund, StateCancelledPaid:
		p.Refunds = []order.Refund{{Amount: 5000, DueAt: noon.Add(72 * time.Hour)}, {Amount: 2000}, {Amount: money.Rupiah(500), DoneAt: noon}}
	}
	if b.HelpPhone() != "" { // the plan is still sold
		p.More = catalog.Plan{ID: "p2", Name: text("Harian"), Price: 5000, Validity: 24 * time.Hour}
		p.MoreItem = p.More.Item(catalog.Site{})
	}
	if s == StateAway {
		p.RouterSeen = noon.Add(-11 * time.Minute)
	}
	p.ActivateAt = noon.Add(10 * time.Minute)
	switch s {
	case StatePreparing, StateDelayed, StateAway, StateHelp, StateActive, StateUsedUp, StateRefunded:
		p.Paid, p.Due, p.Receipt = 5000, 0, &Receipt{Number: "2026-000123", PaidAt: noon, Reference: text("ABCDEFGH-1")}
	case StateLateRefund, StateCancelledPaid:
		p.Paid, p.Due = 5000, 0
	}
	return p
}
