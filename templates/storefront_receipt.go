package templates

import (
	"strings"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

// ReceiptPage is the proof of a paid order, as a page and as plain text.
type ReceiptPage struct {
	Base
	Paper      Paper
	Token      order.Token
	Number     string
	Code       order.Code
	PaidAt     time.Time
	Site       string
	Item       order.Item
	Extension  bool // it lengthened an account
	Total      money.Rupiah
	TaxPercent int // 0 prints no tax
	Tax        money.Rupiah
	Payments   []order.Payment
	Refunds    []order.Refund
}

func (ReceiptPage) file() string   { return "storefront/receipt.html" }
func (ReceiptPage) layout() string { return "paper.html" }

// Title names the page in the browser's tab.
func (p ReceiptPage) Title() string {
	return p.T("storefront.receipt.title") + " " + p.Number + " · " + p.Brand().Name
}

// Sheet is the style for the chosen paper.
func (p ReceiptPage) Sheet() Sheet { return p.Theme.Papers[p.Paper] }

// Sizes lists the papers to choose from.
func (ReceiptPage) Sizes() []Paper { return []Paper{A4, Roll80, Roll58} }

// Line is one line of a receipt.
type Line struct {
	Name, Value string
	Sum         bool
}

// longestWhole is the longest word that fits beside its name on a narrow roll.
const longestWhole = 18

// Class is how the value is set: a price or a code, which is one short word,
// never breaks over lines.
func (l Line) Class() string {
	var out []string
	if l.Sum {
		out = append(out, "sum")
	}
	if !strings.Contains(l.Value, " ") && len(l.Value) <= longestWhole {
		out = append(out, "whole")
	}
	return strings.Join(out, " ")
}

// Parts are the lines in their groups: what it is, what was bought, how it was
// paid, what went back.
func (p ReceiptPage) Parts() [][]Line {
	plan := p.Item.Name
	if p.Extension {
		plan = p.T("storefront.receipt.extension", "plan", plan)
	}
	parts := [][]Line{
		{{Name: p.T("storefront.receipt.number"), Value: p.Number}, {Name: p.T("storefront.receipt.at"), Value: p.Stamp(p.PaidAt)}, {Name: p.T("storefront.code.order"), Value: p.Code.Pretty()}},
		{{Name: p.T("storefront.detail.plan"), Value: plan}, {Name: p.T("storefront.detail.site"), Value: p.Site}, {Name: p.T("storefront.receipt.count"), Value: "1"},
			{Name: p.T("storefront.detail.total"), Value: p.Total.String()}, {Name: p.T("storefront.receipt.sum"), Value: p.Total.String(), Sum: true}},
	}
	if p.Item.Discount > 0 {
		last := len(parts[1]) - 1
		parts[1] = append(parts[1][:last-1:last-1], Line{Name: p.T("storefront.detail.price"), Value: p.Item.Price.String()},
			Line{Name: p.T("storefront.detail.discount", "name", p.Item.Promotion.Name), Value: (-p.Item.Discount).String()}, parts[1][last])
	}
	if p.TaxPercent > 0 {
		parts[1] = append(parts[1], Line{Name: p.T("storefront.receipt.tax", "percent", p.TaxPercent), Value: p.Tax.String()})
	}
	for _, pay := range p.Payments {
		part := []Line{{Name: p.T("storefront.detail.method"), Value: p.MethodName(pay.Method)}, {Name: p.T("storefront.detail.paid"), Value: pay.Amount.String()}, {Name: p.T("storefront.receipt.paid"), Value: p.Stamp(pay.PaidAt)}}
		if pay.Reference != "" {
			part = append(part, Line{Name: p.T("storefront.receipt.reference"), Value: pay.Reference})
		}
		if !pay.Method.AtCounter() && !pay.Free() {
			part = append(part, Line{Name: p.T("storefront.receipt.gateway"), Value: pay.Key})
		}
		parts = append(parts, part)
	}
	var back []Line
	for _, r := range p.Refunds {
		name, at := p.T("storefront.receipt.refund.due"), r.DueAt
		if !r.DoneAt.IsZero() {
			name, at = p.T("storefront.receipt.refund.done"), r.DoneAt
		}
		value := r.Amount.String()
		switch {
		case at.IsZero(): // no day is promised
		case r.DoneAt.IsZero():
			value = p.T("storefront.receipt.refund.by", "amount", r.Amount, "time", p.Stamp(at))
		default:
			value += ", " + p.Stamp(at)
		}
		back = append(back, Line{Name: name, Value: value})
	}
	if back != nil {
		parts = append(parts, back)
	}
	return parts
}

// Text is the receipt for a chat: no markup, one fact a line.
func (p ReceiptPage) Text() string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(strings.Join(strings.Fields(s), " ") + "\n")
		}
	}
	brand := p.Brand()
	line(brand.Name)
	line(brand.Licence)
	line(p.T("storefront.receipt.title"))
	if p.Test {
		line(p.T("storefront.test.banner"))
	}
	for _, part := range p.Parts() {
		b.WriteString("\n")
		for _, l := range part {
			line(l.Name + ": " + l.Value)
		}
	}
	b.WriteString("\n")
	line(p.T("storefront.receipt.fees"))
	line(p.T("storefront.receipt.complaints") + " " + p.contact())
	line(brand.Terms)
	return b.String()
}

func (p ReceiptPage) contact() string {
	brand := p.Brand()
	var out []string
	if brand.Phone != "" {
		out = append(out, p.T("storefront.help.phone", "number", brand.Phone))
	}
	if brand.WhatsApp != "" {
		out = append(out, p.T("storefront.help.whatsapp", "number", p.HelpWhatsApp()))
	}
	if out == nil {
		return p.T("storefront.help.ask")
	}
	return strings.Join(out, ", ")
}
