package catalog

import (
	"slices"
	"strings"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/payments"
)

// DiscountKind says how a promotion makes a plan cheaper.
type DiscountKind string

const (
	// AmountOff takes so many rupiah off.
	AmountOff DiscountKind = "amount"
	// PercentOff takes a share off, rounded down to whole rupiah.
	PercentOff DiscountKind = "percent"
	// FixedPrice is another price than the plan's, and a lower one.
	FixedPrice DiscountKind = "price"
	// Trial gives the plan away, once for each device and phone number.
	Trial DiscountKind = "trial"
	// EveryNth gives every n-th purchase of a device away.
	EveryNth DiscountKind = "nth"
)

// DiscountKinds lists every way in the order forms show them.
var DiscountKinds = []DiscountKind{AmountOff, PercentOff, FixedPrice, Trial, EveryNth}

// Free reports whether what is bought under it costs nothing.
func (c DiscountKind) Free() bool { return c == Trial || c == EveryNth }

// LeastPrice is the smallest price that is not nothing: gateways take no less.
const LeastPrice money.Rupiah = 1000

// Promotion is a rule by which plans are cheaper for a while. It never makes one dearer.
type Promotion struct {
	ID, Name     string // Name is what customers read
	Code         string // what a customer types in, "" for one that needs no code
	DiscountKind DiscountKind
	// Value is rupiah of AmountOff and FixedPrice, percent of PercentOff, n of EveryNth.
	Value int64

	Sites, Plans []string          // ids, none for all
	Methods      []payments.Method // none for all; a kind stands for all of it, "va" for every bank
	From, Until  time.Time         // zero for open ends; Until is the first instant after it
	Weekdays     Weekdays          // on which it begins, none for all
	Hours        Hours             // of the day in the site's zone
	First        bool              // for the first purchase of a device or phone number
	MostUses     int64             // 0 for no limit
	MostEach     int64             // by one device or phone number, 0 for no limit
	EndedAt      time.Time         // zero until staff ended it before its time
	CreatedAt    time.Time
	Version      int64 // changes with each edit

	Used  int64        // by orders that are paid or can still be
	Paid  int64        // of these, those that were paid
	Given money.Rupiah // what it took off those
}

// PriceOf is what a plan of a price costs under the promotion; cheaper is false where that is
// no less. It is LeastPrice at least, or nothing.
func (p Promotion) PriceOf(price money.Rupiah) (now money.Rupiah, cheaper bool) {
	switch p.DiscountKind {
	case AmountOff:
		now = price - money.Rupiah(p.Value)
	case PercentOff:
		now = price - price*money.Rupiah(p.Value)/100
	case FixedPrice:
		now = money.Rupiah(p.Value)
	case Trial, EveryNth:
		return 0, price > 0
	default:
		return price, false
	}
	now = max(now, LeastPrice)
	return min(now, price), now < price
}

// On is the item under the promotion; cheaper is false where it costs no less.
func (p Promotion) On(i order.Item) (cheap order.Item, cheaper bool) {
	now, cheaper := p.PriceOf(i.Price)
	if !cheaper {
		return i, false
	}
	i.Discount, i.Promotion = i.Price-now, order.Promotion{ID: p.ID, Name: p.Name, Methods: p.methods()}
	return i, true
}

func (p Promotion) methods() string {
	names := make([]string, len(p.Methods))
	for i, m := range p.Methods {
		names[i] = string(m)
	}
	return strings.Join(names, ",")
}

// Sells reports whether the promotion is for a plan of a site.
func (p Promotion) Sells(siteID, planID string) bool {
	return (len(p.Sites) == 0 || slices.Contains(p.Sites, siteID)) && (len(p.Plans) == 0 || slices.Contains(p.Plans, planID))
}

// Personal reports whether it asks who buys: a device or a phone number has to be known.
func (p Promotion) Personal() bool { return p.DiscountKind.Free() || p.First || p.MostEach > 0 }

// PromotionState is where a promotion stands.
type PromotionState string

const (
	// PromotionPlanned: it has not begun.
	PromotionPlanned PromotionState = "planned"
	// PromotionRunning: it holds at its hours.
	PromotionRunning PromotionState = "running"
	// PromotionUsedUp: it was used as often as it may be.
	PromotionUsedUp PromotionState = "used_up"
	// PromotionEnded: its time is over, or staff ended it.
	PromotionEnded PromotionState = "ended"
)

// State is where the promotion stands at an instant.
func (p Promotion) State(now time.Time) PromotionState {
	switch {
	case !p.EndedAt.IsZero(), !p.Until.IsZero() && !now.Before(p.Until):
		return PromotionEnded
	case p.MostUses > 0 && p.Used >= p.MostUses:
		return PromotionUsedUp
	case now.Before(p.From):
		return PromotionPlanned
	}
	return PromotionRunning
}

// longestCode and shortestCode bound a promotion's code in bytes.
const (
	shortestCode = 3
	longestCode  = 20
)

// ParsePromotionCode reads a code as people type it: in any case, with blanks around it.
// false for what cannot be one.
func ParsePromotionCode(s string) (code string, ok bool) {
	code = strings.ToUpper(strings.TrimSpace(s))
	if len(code) < shortestCode || len(code) > longestCode || code[0] == '-' || code[len(code)-1] == '-' {
		return "", false
	}
	for _, c := range []byte(code) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return "", false
		}
	}
	return code, true
}
