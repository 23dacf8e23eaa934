package storefront

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/payments"
	"gerai/templates"
)

// awayAfter is how long a paid order waits for its router before the page says
// so: most waits are shorter than reading about them.
const awayAfter = 20 * time.Second

// presentOrder turns what the shop knows into what the page says.
func presentOrder(b templates.Base, v orders.View) templates.OrderPage {
	o := v.Order
	p := templates.OrderPage{
		Base: b, State: stateOf(v), Token: o.Token, Away: v.RouterAway && o.Status == order.Pending, Code: o.Code, Claim: v.ClaimCode, Site: v.Site.Name, SiteSlug: v.Site.Slug,
		Address: address(v.BaseURL), Item: o.Item, Total: o.Total, Paid: v.PaidTotal, Due: v.Remaining, Deadline: deadline(v),
		Merchant: v.Merchant, Method: v.Attempt.Method, Methods: v.Methods, VA: v.Attempt.VA, ActivateAt: o.ActivateAt,
		RouterSeen: v.RouterSeen, Refunds: v.Refunds, Tag: statusTag(statusOf(v)),
		Account: v.Account, More: v.More, MoreItem: v.MoreItem, Terms: v.MoreItem.Terms(), Erasable: v.Erasable, Phone: o.Phone,
	}
	if o.Status == order.Activated {
		p.Voucher = &templates.Voucher{Username: o.Username, Password: o.Password, ValidUntil: validUntil(v), LoginURL: v.Login(b.Hints), DeviceKnown: v.DeviceKnown(b.Hints)}
		p.Allowed, p.Use = v.Allowed, use(v)
	}
	if !o.PaidAt.IsZero() {
		p.Receipt = &templates.Receipt{PaidAt: o.PaidAt, Reference: v.Attempt.Reference}
		if v.Receipt.No > 0 {
			p.Receipt.Number = v.Receipt.Number()
		}
		for _, pay := range v.Payments {
			p.Receipt.Reference, p.Method = pay.Reference, pay.Method
		}
	}
	p.Pass = pass(p, v)
	p.Notes = notes(p, v)
	p.Fingerprint = fingerprint(p, v)
	return p
}

func stateOf(v orders.View) templates.OrderState {
	o := v.Order
	switch o.Status {
	case order.Refunded:
		return templates.StateRefunded
	case order.Cancelled:
		if v.PaidTotal > 0 {
			return templates.StateCancelledPaid
		}
		return templates.StateCancelled
	case order.Activated:
		if ended(v) {
			return templates.StateEnded
		}
		if v.Voucher.Facts().Suspended() {
			return templates.StateSuspended
		}
		if v.Used.UsedUp() {
			return templates.StateUsedUp
		}
		return templates.StateActive
	case order.Paid:
		return paidState(v)
	case order.Expired:
		if order.MayRenew(o, false) == nil {
			return templates.StateExpired
		}
	}
	if o.Attention == order.ReasonDisputed {
		return templates.StateHelp
	}
	return payState(v)
}

// ended reports whether the voucher that serves an activated order works no
// more: its time is over, or it was switched off.
func ended(v orders.View) bool {
	facts := v.Voucher.Facts()
	facts.ValidUntil = validUntil(v)
	return facts.Ended(v.Now) != ""
}

func paidState(v orders.View) templates.OrderState {
	o := v.Order
	switch {
	case o.Attention == order.ReasonLateRefund:
		return templates.StateLateRefund
	case o.Attention != order.NoReason:
		return templates.StateHelp
	case o.ActivateAt.After(v.Now):
		return templates.StateDelayed
	case v.RouterAway && v.Now.Sub(o.ActivateAt) >= awayAfter:
		return templates.StateAway
	}
	return templates.StatePreparing
}

// payState is for an order that still wants money: all of it, or the rest.
func payState(v orders.View) templates.OrderState {
	a := v.Attempt
	if rest := v.PaidTotal > 0; rest && (a.Amount != v.Remaining || a.State == order.Settled) {
		if v.Order.Status == order.Expired {
			return templates.StateExpiredShort
		}
		return templates.StateShort
	}
	switch {
	case a.State == order.Open && a.Method.IsVA() && a.VA != "":
		return templates.StatePayVA
	case a.State == order.Open && !a.Method.IsVA() && v.QR != "":
		return templates.StatePayQR
	case a.State == order.Open:
		return templates.StateBadQR
	case a.State == order.Failed && v.Trouble == payments.ErrOtherMode.Code:
		return templates.StateRestart
	case a.State == order.Failed && v.Unusable():
		return templates.StateBadQR
	case a.State == order.Failed:
		return templates.StateChannelOff
	case a.Failure != "":
		return templates.StateBusy
	}
	return templates.StateMaking
}

// deadline is the time to pay before: the order's, or that of an attempt made
// later for the rest of a sum.
func deadline(v orders.View) time.Time {
	if v.Attempt.ExpiresAt.After(v.Order.ExpiresAt) && v.PaidTotal > 0 {
		return v.Attempt.ExpiresAt
	}
	return v.Order.ExpiresAt
}

func validUntil(v orders.View) time.Time {
	if !v.Order.ValidUntil.IsZero() {
		return v.Order.ValidUntil
	}
	return v.Voucher.ValidUntil
}

// notes are the oddities a customer should know of beside the state.
func notes(p templates.OrderPage, v orders.View) (out []templates.Notice) {
	o := v.Order
	switch {
	case v.Account == "" || p.State == templates.StateEnded || p.State == templates.StateUsedUp || p.State == templates.StateSuspended || p.Paying(): // beside the code there is space further down
	case o.Status == order.Pending || o.Status == order.Paid:
		out = append(out, templates.Notice{Text: p.T("storefront.extend.will", "account", v.Account), Good: true})
	case o.Status == order.Activated && v.Extends:
		out = append(out, templates.Notice{Text: p.T("storefront.extend.did", "account", v.Account), Good: true})
	}
	for _, f := range o.Flags {
		switch {
		case f == order.FlagLate && p.State == templates.StateActive:
			out = append(out, templates.Notice{Text: p.T("storefront.flag.late"), Good: true})
		case f == order.FlagOverpaid && o.Status != order.Refunded && !excessBack(v):
			out = append(out, templates.Notice{Text: p.T("storefront.flag.overpaid", "code", o.Code.Pretty())})
		case f == order.FlagDuplicate && o.Status != order.Refunded && !excessBack(v):
			out = append(out, templates.Notice{Text: p.T("storefront.flag.duplicate_payment", "code", o.Code.Pretty())})
		case f == order.FlagUnderpaid && p.Paying():
			out = append(out, templates.Notice{Text: p.T("storefront.flag.short", "paid", p.Paid), Good: true})
		}
	}
	return out
}

// excessBack reports whether what was paid too much has been returned: nothing
// promises it any more.
func excessBack(v orders.View) bool {
	found := false
	for _, f := range v.Refunds {
		if f.Reason == order.RefundExcess {
			if f.DoneAt.IsZero() {
				return false
			}
			found = true
		}
	}
	return found
}

// fingerprint changes whenever the page would look different, so that the script
// exchanges it only then.
func fingerprint(p templates.OrderPage, v orders.View) string {
	var voucher templates.Voucher
	if p.Voucher != nil {
		voucher = *p.Voucher
	}
	var granted templates.Pass
	if p.Pass != nil {
		granted = *p.Pass
	}
	seen := time.Time{}
	if p.State == templates.StateAway {
		seen = p.RouterSeen.Truncate(time.Minute)
	}
	sum := sha256.Sum256(fmt.Append(nil, p.State, p.Method, v.Attempt.No, v.QR, p.Terms, p.Away, p.VA, p.Due, p.Paid, p.Deadline.Unix(), p.ActivateAt.Unix(),
		p.Notes, p.Refunds, voucher, seen.Unix(), p.Methods, granted))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// address is where codes are typed in, short enough to be typed itself.
func address(baseURL string) string { return typed(baseURL) + "/klaim" }

// typed is an address as people type it.
func typed(baseURL string) string {
	_, rest, found := strings.Cut(baseURL, "://")
	if !found {
		return baseURL
	}
	return rest
}
