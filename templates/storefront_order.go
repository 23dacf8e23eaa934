package templates

import (
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/payments"
)

// OrderState is what the order page says; it follows from status, flags and
// the payment attempt.
type OrderState string

const (
	StatePayQR         OrderState = "pay_qr"         // the QR code is shown
	StatePayVA         OrderState = "pay_va"         // the account number is shown
	StateMaking        OrderState = "making"         // the gateway has not answered yet
	StateBusy          OrderState = "busy"           // the gateway cannot be reached; tried again
	StateChannelOff    OrderState = "channel_off"    // this way of paying is switched off
	StateBadQR         OrderState = "bad_qr"         // the gateway's QR code does not hold water
	StateRestart       OrderState = "restart"        // it cannot be paid any more, and has to be placed again
	StateShort         OrderState = "short"          // too little came, a new attempt is needed
	StateExpired       OrderState = "expired"        // not paid in time
	StateExpiredShort  OrderState = "expired_short"  // too little came in time
	StatePreparing     OrderState = "preparing"      // paid, the voucher is being made
	StateDelayed       OrderState = "delayed"        // paid, the site activates later
	StateAway          OrderState = "away"           // paid, the router is away
	StateHelp          OrderState = "help"           // paid, a person has to look
	StateLateRefund    OrderState = "late_refund"    // paid too late, money goes back
	StateActive        OrderState = "active"         // the voucher works
	StateEnded         OrderState = "ended"          // the voucher's time is over
	StateUsedUp        OrderState = "used_up"        // its online time or data is used up
	StateSuspended     OrderState = "suspended"      // staff keep it out for a while
	StateCancelled     OrderState = "cancelled"      // cancelled before any money came
	StateCancelledPaid OrderState = "cancelled_paid" // cancelled, money goes back
	StateRefunded      OrderState = "refunded"       // money went back
)

// OrderStates lists every state, for tests and galleries.
var OrderStates = []OrderState{
	StatePayQR, StatePayVA, StateMaking, StateBusy, StateChannelOff, StateBadQR, StateRestart, StateShort, StateExpired, StateExpiredShort,
	StatePreparing, StateDelayed, StateAway, StateHelp, StateLateRefund, StateActive, StateEnded, StateUsedUp, StateSuspended,
	StateCancelled, StateCancelledPaid, StateRefunded,
}

// OrderPage is one order, whatever its state.
type OrderPage struct {
	Base
	State    OrderState
	Token    order.Token
	Code     order.Code
	Claim    string // claim code
	Site     string // hotspot name
	SiteSlug string
	Address  string // the shop's address as people type it, without scheme
	Item     order.Item
	Total    money.Rupiah
	Paid     money.Rupiah
	Due      money.Rupiah // still to be paid
	Deadline time.Time    // pay before
	Merchant string       // name inside the QR code, may be empty
	Method   payments.Method
	Methods  []payments.Method // what may be chosen now
	VA       string
	Voucher  *Voucher
	// ActivateAt and RouterSeen explain waiting; zero when unknown.
	ActivateAt time.Time
	RouterSeen time.Time
	Away       bool // not paid yet, and the router does not answer
	Refunds    []order.Refund
	Receipt    *Receipt
	Notice     *Notice
	Notes      []Notice
	Nonce      string       // for the form that orders the same again
	More       catalog.Plan // as sold today, zero when it is sold no more
	MoreItem   order.Item   // More with the promotion that holds for anyone
	Terms      string       // of MoreItem, carried by the form that orders it
	Changed    *ChangedTerms
	Account    string     // the user name that this order lengthens
	Pass       *Pass      // nil where the hotspot gives no internet to pay with
	Use        *Use       // nil until there is a voucher
	Allowed    order.Item // what the voucher may do with all its extensions
	// Erasable: the order is over and still has a phone number or device.
	Erasable bool
	Phone    string
	// Tag changes with the status answer, Fingerprint with what the page shows; the
	// script compares both.
	Tag, Fingerprint string
}

// MorePrice is what the same costs when it is ordered again.
func (p OrderPage) MorePrice() money.Rupiah { return p.MoreItem.Due() }

// Reduction is what the promotion took off, as a line of a sum.
func (p OrderPage) Reduction() money.Rupiah { return -p.Item.Discount }

// Voucher is what the customer bought.
type Voucher struct {
	Username, Password string
	ValidUntil         time.Time // zero while unknown or for ever
	LoginURL           string    // the router's login page, "" if none is allowed
	// DeviceKnown: a hotspot named the device, now or when it ordered. The shop can
	// connect no other one.
	DeviceKnown bool
}

// Long reports whether the codes are set smaller, so that each stays on one line
// of the narrowest phone.
func (v Voucher) Long() bool { return max(len(v.Username), len(v.Password)) > longCode }

// Receipt is the proof of a paid order.
type Receipt struct {
	Number    string // "" until it is issued
	PaidAt    time.Time
	Reference string
}

// Notice is one short message, Good when something went well. Move offers to
// move the voucher to this device.
type Notice struct {
	Text string
	Good bool
	Move bool
}

func (OrderPage) file() string { return "storefront/order.html" }

// Title names the state in the browser's tab.
func (p OrderPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p OrderPage) Heading() string { return p.say("title") }

// Sentence explains the state in at most two sentences.
func (p OrderPage) Sentence() string { return p.say("text") }

func (p OrderPage) say(part string) string {
	key := "storefront.state." + string(p.State) + "." + part
	if part == "text" && p.State == StateAway && p.RouterSeen.IsZero() {
		key = "storefront.state.away.text_never"
	}
	if part == "text" && p.State == StateActive && p.Voucher != nil && !p.Voucher.DeviceKnown {
		key = "storefront.state.active.text_far"
	}
	pairs := []any{"amount", p.Due, "total", p.Total, "paid", p.Paid, "code", p.Code.Pretty(), "bank", p.BankName(p.Method), "site", p.Site, "method", p.MethodName(p.Method)}
	for name, at := range map[string]time.Time{"deadline": p.Deadline, "seen": p.RouterSeen, "activate": p.ActivateAt} {
		if !at.IsZero() {
			pairs = append(pairs, name, p.When(at))
		}
	}
	return p.T(key, pairs...)
}

// Step is where the order stands: 1 ordered, 2 paying, 3 being activated, 4
// done, 0 when the road ended elsewhere.
func (p OrderPage) Step() int {
	switch p.State {
	case StatePreparing, StateDelayed, StateAway, StateHelp:
		return 3
	case StateActive:
		return 4
	case StateEnded, StateUsedUp, StateSuspended, StateExpired, StateExpiredShort, StateCancelled, StateCancelledPaid, StateRefunded, StateLateRefund:
		return 0
	}
	return 2
}

// Steps are the names and marks of the three steps.
func (p OrderPage) Steps() []Step {
	out := []Step{{Name: p.T("storefront.step.order")}, {Name: p.T("storefront.step.pay")}, {Name: p.T("storefront.step.active")}}
	for i := range out {
		out[i].Done, out[i].Now = p.Step() > i+1, p.Step() == i+1
	}
	return out
}

// Step is one of the three steps of an order.
type Step struct {
	Name      string
	Done, Now bool
}

// Paying reports whether the customer can pay right now.
func (p OrderPage) Paying() bool { return p.State == StatePayQR || p.State == StatePayVA }

// Final reports whether the page has nothing more to wait for.
func (p OrderPage) Final() bool {
	switch p.State {
	case StateActive, StateEnded, StateUsedUp, StateCancelled, StateCancelledPaid, StateRefunded:
		return true
	}
	return false
}

// Moves reports whether the notice comes with a button that moves the voucher to
// this device.
func (p OrderPage) Moves() bool { return p.Notice != nil && p.Notice.Move }

// Waiting reports whether the page should be read again even when the status
// stays the same: a QR code may appear, a router may be away.
func (p OrderPage) Waiting() bool {
	switch p.State {
	case StateMaking, StateBusy, StatePreparing, StateDelayed, StateAway, StateSuspended:
		return true
	}
	return false
}

// Tone colours the state: "good" once money is safe, "warn" where something
// is in the way, else calm.
func (p OrderPage) Tone() string {
	switch {
	case p.State == StateActive || p.State == StateRefunded || p.State == StatePreparing || p.State == StateDelayed || p.State == StateAway:
		return "good"
	case p.Step() == 0 || p.State == StateHelp || p.State == StateBusy || p.State == StateChannelOff || p.State == StateBadQR || p.State == StateRestart:
		return "warn"
	}
	return ""
}

// Orders reports whether the page offers to buy the same again.
func (p OrderPage) Orders() bool {
	return p.More.ID != "" && (p.State == StateExpired || p.State == StateActive && p.Allowed.Limited() || p.State == StateEnded || p.State == StateUsedUp)
}

// Added says what extending adds: "1 hari, 2 jam pemakaian, 500 MB"; "" when it
// takes limits away.
func (p OrderPage) Added() string {
	var parts []string
	if p.More.Validity > 0 {
		parts = append(parts, p.Span(p.More.Validity))
	}
	if p.More.UptimeLimit > 0 {
		parts = append(parts, p.T("storefront.plan.uptime", "span", p.Hours(p.More.UptimeLimit)))
	}
	if p.More.DataLimit > 0 {
		parts = append(parts, p.Data(p.More.DataLimit))
	}
	return strings.Join(parts, ", ")
}

// CanCheck reports whether asking the gateway can still change anything.
func (p OrderPage) CanCheck() bool {
	switch p.State {
	case StatePayQR, StatePayVA, StateMaking, StateShort, StateExpired, StateExpiredShort:
		return true
	}
	return false
}

// Stuck reports whether choosing a method is what the customer must do now.
func (p OrderPage) Stuck() bool {
	switch p.State {
	case StateChannelOff, StateBadQR, StateShort, StateExpiredShort:
		return true
	}
	return false
}

// Ways are the methods on offer: the others while the present one may work,
// all of them for the rest of a sum.
func (p OrderPage) Ways() []payments.Method {
	switch p.State {
	case StateShort, StateExpiredShort:
		return p.Methods
	case StatePayQR, StatePayVA, StateMaking, StateBusy, StateChannelOff, StateBadQR:
	default:
		return nil
	}
	var out []payments.Method
	for _, m := range p.Methods {
		if m != p.Method {
			out = append(out, m)
		}
	}
	return out
}

// Do is where a form of this page goes.
func (p OrderPage) Do(action string) string { return p.Href("/o/" + string(p.Token) + "/" + action) }

// Raw is an address of this order without a language.
func (p OrderPage) Raw(part string) string { return "/o/" + string(p.Token) + "/" + part }

// Devices names a number of devices: "1 perangkat".
func (b Base) Devices(n int) string { return b.T("storefront.plan.devices", "n", max(n, 1)) }

// MaskedPhone is the end of the customer's number: 08xx-xxxx-7890, "" without
// one.
func (p OrderPage) MaskedPhone() string {
	if len(p.Phone) < 9 {
		return ""
	}
	return "08xx-xxxx-" + p.Phone[len(p.Phone)-4:]
}

// Copy is a button that puts Text on the clipboard.
type Copy struct {
	Text, Name, What, Done string
}

// CopyOf makes the copy button for one thing on the page.
func (p OrderPage) CopyOf(what, text string) Copy {
	return Copy{Text: text, Name: p.T("storefront.copy.do"), What: p.T("storefront.copy.what." + what), Done: p.T("storefront.copy.done")}
}
