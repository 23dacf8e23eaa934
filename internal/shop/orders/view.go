package orders

import (
	"context"
	"errors"
	"slices"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/payments/qris"
)

// View is everything an order page shows.
type View struct {
	Reading   uint64 // the same for copies of one reading, in this process
	Order     order.Order
	Site      catalog.Site
	Attempt   order.Attempt // the current one
	Remaining money.Rupiah  // still to be paid
	PaidTotal money.Rupiah
	Methods   []payments.Method // what may be chosen now
	ClaimCode string
	Merchant  string // merchant name inside the QR, "" if unknown
	QR        string // payload to draw, "" when there is none to show
	Trouble   string // message key when the charge could not be made, or ""
	Voucher   store.Voucher
	Extends   bool          // the voucher is another order's, made longer by this one
	Allowed   order.Item    // what the voucher may do with all its extensions
	Used      vouchers.Used // what its router says was used, as far as is known
	// Account is the user name of the voucher that this order is to lengthen,
	// "" for an order of its own voucher.
	Account string
	// More is the plan as it is sold today, zero when it is sold no more.
	More     catalog.Plan
	MoreItem order.Item    // More as it is ordered again, with the promotion that holds for anyone
	Receipt  store.Receipt // zero until the order is paid
	// Erasable is set when there are a phone number or device hints that
	// Erase would remove.
	Erasable bool
	// PassRules are the site's, zero where no pass can be had; Pass is the
	// order's own.
	PassRules catalog.PassRules
	Pass      store.Pass
	// RouterAway is set while a paid order waits for a router that does not
	// answer, or an unpaid one would; RouterSeen is its last contact.
	RouterAway bool
	RouterSeen time.Time
	LoginURL   string // allow-listed login page of the hotspot, "" if none
	Payments   []order.Payment
	Refunds    []order.Refund
	Live       bool // false: no real money
	Now        time.Time
	Zone       *time.Location // the site's
	BaseURL    string
}

// View reads an order's page, at most a second old. As a side effect it brings the next
// gateway read forward, because a customer is waiting. Errors: NotFound
// "order.not_found".
func (s *Service) View(ctx context.Context, token order.Token) (View, error) {
	if !order.ValidToken(string(token)) {
		return View{}, store.ErrOrderNotFound
	}
	v, err := s.viewCache.get(ctx, token, s.orderID, s.read)
	v.Now = s.Clock.Now()
	return v, err
}

func (s *Service) orderID(ctx context.Context, token order.Token) (order.ID, error) {
	return s.Store.OrderID(ctx, token)
}

// Fresh is View past what is kept, for callers that were notified of a change; who views the
// order next shares it.
func (s *Service) Fresh(ctx context.Context, token order.Token) (View, error) {
	if !order.ValidToken(string(token)) {
		return View{}, store.ErrOrderNotFound
	}
	return s.viewCache.fresh(ctx, token, s.orderID, s.read)
}

// Unchanged reports whether an order still has the version that an earlier view showed. It
// reads a tenth of what a view reads, and brings the next gateway read forward as one does.
// Errors: NotFound "order.not_found".
func (s *Service) Unchanged(ctx context.Context, id order.ID, version int64) (bool, error) {
	o, err := s.Store.Order(ctx, id)
	if err != nil {
		return false, err
	}
	s.watched(ctx, o)
	return o.Version == version, nil
}

// Steady reports whether nothing but a change of the order can change what its status says:
// it waits for money, and its charge is made.
func (v View) Steady() bool {
	return v.Order.Status == order.Pending && v.Attempt.State == order.Open
}

func (s *Service) read(ctx context.Context, id order.ID) (View, error) {
	o, facts, own, err := s.Store.FactsAndVoucher(ctx, id)
	if err != nil {
		return View{}, err
	}
	s.watched(ctx, o)
	claim, err := s.ClaimCode(o.Code)
	if err != nil {
		return View{}, err
	}
	v := View{Reading: s.readings.Add(1), Order: o, ClaimCode: claim, Live: !o.Test, Now: s.Clock.Now(), BaseURL: s.BaseURL}
	if v.Site, err = s.Store.Site(ctx, o.SiteID); err != nil {
		return v, err
	}
	v.Zone = v.Site.Zone(s.Zone)
	derived := order.Derive(facts, v.Now)
	v.Remaining, v.PaidTotal, v.Payments, v.Refunds = derived.Remaining, derived.PaidTotal, facts.Payments, s.promised(facts.Refunds)
	v.LoginURL = ledger.LoginURL(o.Hints, v.Site.LoginHosts)
	if v.Attempt, err = s.Store.Attempt(ctx, o.ID, o.AttemptNo); neverCharged(o, err) {
		v.Attempt, err = order.Attempt{Method: payments.Cash, Reference: string(o.Code)}, nil
		if len(v.Payments) > 0 {
			v.Attempt.Method = v.Payments[0].Method
		}
	}
	if err != nil {
		return v, err
	}
	if o.Payable() {
		s.wanted(ctx, o, v.Attempt)
		if v.Methods, err = s.offeredMethods(ctx, o, v.Remaining); err != nil {
			return v, err
		}
		s.viewAttempt(&v)
	}
	if order.MayGrantPass(o) == nil && v.Site.Portal.Pass.On {
		v.PassRules = v.Site.Portal.Pass
		if v.Pass, _, err = s.Store.Pass(ctx, o.ID); err != nil {
			return v, err
		}
	}
	if err := s.viewMore(ctx, &v, facts.Refunds); err != nil {
		return v, err
	}
	switch o.Status {
	case order.Pending:
		v.RouterAway, v.RouterSeen, err = s.RouterAway(ctx, v.Site)
	case order.Paid:
		err = s.viewRouter(ctx, &v)
	case order.Activated:
		err = s.viewVoucher(ctx, &v, own)
	}
	return v, err
}

// viewMore adds what surrounds the order: its receipt, the account it is to
// lengthen, what the plan costs today.
func (s *Service) viewMore(ctx context.Context, v *View, refunds []order.Refund) (err error) {
	o := v.Order
	if !o.PaidAt.IsZero() {
		if v.Receipt, _, err = s.Store.Receipt(ctx, o.ID); err != nil {
			return err
		}
	}
	if o.Extends != "" {
		root, err := s.Store.Order(ctx, o.Extends)
		if err != nil {
			return err
		}
		v.Account = root.Username
	}
	if o.Status != order.Pending && o.Status != order.Paid {
		plan, err := s.Store.Plan(ctx, o.Item.PlanID)
		if err == nil && !plan.Hidden && !v.Site.Hidden && plan.SiteID == v.Site.ID {
			v.More = plan
			v.MoreItem, err = s.priceAgain(ctx, o, v.Attempt, v.Site, plan)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if o.Phone != "" || o.Hints != (order.Hints{}) {
		err = mayErase(ctx, s.Store, o, refunds)
		if v.Erasable = err == nil; errors.Is(err, order.ErrStillOpen) {
			err = nil
		}
	}
	return err
}

// Login returns the allow-listed login page of the hotspot that the browser
// named now, else the one it named when it ordered, "" if none.
func (v View) Login(h order.Hints) string {
	if now := ledger.LoginURL(ledger.CleanHints(h), v.Site.LoginHosts); now != "" {
		return now
	}
	return v.LoginURL
}

// DeviceKnown reports whether a hotspot named the device, to the browser now or when it
// ordered: any other device cannot be connected from here.
func (v View) DeviceKnown(h order.Hints) bool {
	if h = ledger.CleanHints(h); h.MAC == "" || h.IP == "" {
		h = v.Order.Hints
	}
	return h.MAC != "" && h.IP != ""
}

// promised leaves out what staff only asked for and was not approved. DueAt
// becomes the day that the operator's rule names, zero where there is no rule.
func (s *Service) promised(refunds []order.Refund) []order.Refund {
	out := slices.DeleteFunc(slices.Clone(refunds), func(f order.Refund) bool { return f.Gift() && !f.UnderWay() })
	for i := range out {
		if s.RefundDays == 0 {
			out[i].DueAt = time.Time{}
			continue
		}
		out[i].DueAt = out[i].DueAt.AddDate(0, 0, s.RefundDays)
	}
	return out
}

// viewVoucher adds the voucher that serves the order; an extension shows the
// account that it lengthened.
func (s *Service) viewVoucher(ctx context.Context, v *View, own store.Voucher) error {
	held, err := s.vouchers.HolderBeside(ctx, v.Order, own)
	if err != nil {
		return err
	}
	v.Voucher, v.Extends = held.Voucher, held.Order.ID != v.Order.ID
	v.Order.Username, v.Order.Password, v.Order.ValidUntil = held.Order.Username, held.Order.Password, held.Voucher.ValidUntil
	all, err := vouchers.ExtendedItem(ctx, s.Store, held.Order)
	if v.Allowed = held.Voucher.Given.On(all); err == nil && held.Alive(v.Now) {
		v.Used = s.vouchers.UsageOf(ctx, held.Voucher)
	}
	return err
}

// Unusable reports whether the gateway made a charge that must not be shown.
func (v View) Unusable() bool {
	return v.Trouble == failureNoCode || v.Trouble == failureQR || v.Trouble == payments.ErrAmount.Code
}

func (s *Service) viewAttempt(v *View) {
	switch v.Attempt.State {
	case order.Open:
		v.QR = v.Attempt.QR
		if code, err := qris.Validate(v.QR, v.Attempt.Amount); err == nil {
			v.Merchant = code.Merchant
		}
	case order.Failed:
		v.Trouble = v.Attempt.Failure
	case order.Creating:
		v.Trouble = "gateway.busy"
	}
}

func (s *Service) viewRouter(ctx context.Context, v *View) error {
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return err
	}
	for _, st := range states {
		if st.ID == v.Order.RouterID {
			v.RouterAway, v.RouterSeen = st.Failure != "", st.SeenAt
		}
	}
	return nil
}

// HasPending reports whether the device that the browser claims to be left an
// unpaid order behind. Claims can be forged, therefore nothing of the order is
// told, its code least of all.
func (s *Service) HasPending(ctx context.Context, siteID string, h order.Hints) bool {
	h = ledger.CleanHints(h)
	if h.MAC == "" {
		return false
	}
	_, found, err := s.Store.PendingOrderOfDevice(ctx, siteID, h.MAC, s.Clock.Now())
	if err != nil {
		s.Log.WarnContext(ctx, "pending order of device not read", "site", siteID, "error", err)
	}
	return found && err == nil
}
