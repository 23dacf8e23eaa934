package catalog

import (
	"cmp"
	"slices"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/payments"
)

// Why a promotion does not hold, at the field of its code.
var (
	// ErrNoPromotion: no promotion has the code.
	ErrNoPromotion = fault.AtField("promo", "promotion.unknown")
	// ErrPromotionEnded: its time is over.
	ErrPromotionEnded = fault.AtField("promo", "promotion.ended")
	// ErrPromotionUsedUp: it was used as often as it may be.
	ErrPromotionUsedUp = fault.AtField("promo", "promotion.used_up")
	// ErrPromotionPlanned: it has not begun.
	ErrPromotionPlanned = fault.AtField("promo", "promotion.planned")
	// ErrPromotionPlan: it is for other plans or sites.
	ErrPromotionPlan = fault.AtField("promo", "promotion.plan")
	// ErrPromotionHours: it holds at other hours or on other days.
	ErrPromotionHours = fault.AtField("promo", "promotion.hours")
	// ErrPromotionMethod: it is for other ways to pay.
	ErrPromotionMethod = fault.AtField("promo", "promotion.method")
	// ErrPromotionAgain: it is not for extensions and repeated orders.
	ErrPromotionAgain = fault.AtField("promo", "promotion.again")
	// ErrPromotionWho: the customer has to give a phone number or be on the hotspot.
	ErrPromotionWho = fault.AtField("promo", "promotion.who")
	// ErrPromotionTrialWho: the customer has to give a phone number and be on the hotspot.
	ErrPromotionTrialWho = fault.AtField("promo", "promotion.trial_who")
	// ErrPromotionFirst: it is for first purchases.
	ErrPromotionFirst = fault.AtField("promo", "promotion.first")
	// ErrPromotionEach: the customer used it as often as each may.
	ErrPromotionEach = fault.AtField("promo", "promotion.each")
	// ErrPromotionUnpaid: many orders under it from one network wait for their money.
	ErrPromotionUnpaid = fault.AtField("promo", "promotion.unpaid")
	// ErrPromotionNth: the customer has not bought enough yet.
	ErrPromotionNth = fault.AtField("promo", "promotion.nth")
	// ErrPromotionBetter: another promotion makes the plan cheaper still.
	ErrPromotionBetter = fault.AtField("promo", "promotion.better")
	// ErrPromotionNoLess: the plan costs no less under it.
	ErrPromotionNoLess = fault.AtField("promo", "promotion.no_less")
)

// Purchase is what is to be priced.
type Purchase struct {
	Site   Site
	Plan   Plan
	Method payments.Method
	At     time.Time
	Zone   *time.Location // the site's
	Code   string         // "" for none
	Again  bool           // like an earlier order, or lengthening its voucher
}

// History is what is known of a customer and a promotion: a phone number, or a device that
// a router of the site lists.
type History struct {
	Phone, Device bool  // which of the two is known
	Bought        int64 // orders paid with money, ever
	Lately        int64 // of these, those of the device since the promotion began, of what it sells
	Used          int64 // orders under the promotion that are paid or can still be
	UsedFirst     int64 // of these and those under others that are for first purchases
}

// MayUse says why a promotion is not for a purchase, regardless of the customer, or nil.
func (p Promotion) MayUse(b Purchase) error {
	switch p.State(b.At) {
	case PromotionEnded:
		return ErrPromotionEnded
	case PromotionUsedUp:
		return ErrPromotionUsedUp
	case PromotionPlanned:
		return ErrPromotionPlanned
	}
	switch {
	case !p.Sells(b.Site.ID, b.Plan.ID):
		return ErrPromotionPlan
	case !p.AtHour(b.At, b.Zone):
		return ErrPromotionHours
	case b.Again && p.DiscountKind == Trial:
		return ErrPromotionAgain
	case !p.DiscountKind.Free() && !(order.Promotion{Methods: p.methods()}).Covers(b.Method):
		return ErrPromotionMethod
	}
	if _, cheaper := p.PriceOf(b.Plan.Price); !cheaper {
		return ErrPromotionNoLess
	}
	return nil
}

// Asks says what is missing of who buys before it can be looked up whether the promotion is
// for them, or nil: a phone number, or a device that a router lists.
func (p Promotion) Asks(phone, device bool) error {
	switch {
	case !p.Personal():
		return nil
	case p.DiscountKind == Trial && !(phone && device):
		return ErrPromotionTrialWho
	case p.DiscountKind == EveryNth && !device, !phone && !device:
		return ErrPromotionWho
	}
	return nil
}

// ShownToAll reports whether pages show its price to everyone: those of promotions that ask who
// buys are only named, but for trials.
func (p Promotion) ShownToAll() bool {
	return !p.Personal() || p.DiscountKind == Trial && !p.First
}

// MayUseBy says why a promotion is not for a customer, or nil. What costs nothing is given
// to devices that a router lists: an address or a number that anyone can type is no proof.
func (p Promotion) MayUseBy(h History) error {
	if err := p.Asks(h.Phone, h.Device); err != nil || !p.Personal() {
		return err
	}
	switch {
	case p.First && h.Bought > 0:
		return ErrPromotionFirst
	case p.First && (h.Used > 0 || h.UsedFirst > 0): // an order that waits for its money
		return ErrPromotionEach
	case p.DiscountKind == Trial && h.Used > 0, p.MostEach > 0 && h.Used >= p.MostEach:
		return ErrPromotionEach
	case p.DiscountKind == EveryNth && h.Lately < (p.Value-1)*(h.Used+1):
		return ErrPromotionNth
	}
	return nil
}

// Since is the instant from which purchases count towards the n-th.
func (p Promotion) Since() time.Time {
	if p.From.IsZero() {
		return p.CreatedAt
	}
	return p.From
}

// Open are the promotions that are for a purchase, the best for the customer first: the
// lowest price, then those without a code, then the oldest.
func Open(all []Promotion, b Purchase) []Promotion {
	var out []Promotion
	for _, p := range all {
		if (p.Code == "" || p.Code == b.Code) && p.MayUse(b) == nil {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y Promotion) int {
		a, _ := x.PriceOf(b.Plan.Price)
		c, _ := y.PriceOf(b.Plan.Price)
		return cmp.Or(cmp.Compare(a, c), cmp.Compare(len(x.Code), len(y.Code)), x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// Shown is what a plan costs a customer of whom nothing is known: the item under the best
// promotion without a code. Trials are shown to all, everything else that asks who buys to
// none.
func Shown(all []Promotion, b Purchase) order.Item {
	b.Code = ""
	for _, p := range Open(all, b) {
		if !p.ShownToAll() {
			continue
		}
		cheap, _ := p.On(b.Plan.Item(b.Site))
		return cheap
	}
	return b.Plan.Item(b.Site)
}

// Hinted are the promotions without a code that a page names although it cannot know whether
// they are for its reader.
func Hinted(all []Promotion, b Purchase) (out []Promotion) {
	b.Code = ""
	for _, p := range Open(all, b) {
		if !p.ShownToAll() {
			out = append(out, p)
		}
	}
	return out
}

// ByCode finds the promotion of a code. Errors: ErrNoPromotion.
func ByCode(all []Promotion, code string) (Promotion, error) {
	for _, p := range all {
		if p.Code != "" && p.Code == code {
			return p, nil
		}
	}
	return Promotion{}, ErrNoPromotion
}
