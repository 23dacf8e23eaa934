package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/typed"
	"gerai/payments"
)

// PlaceIn is one filled-in order form.
type PlaceIn struct {
	SiteSlug string
	PlanID   string
	Method   string
	Phone    string
	Nonce    string // one per shown form
	Terms    string // what the form showed, as order.Item.Terms writes it; "" from a program that showed nothing
	Lang     string
	Hints    order.Hints
	Client   string   // rate-limit key: the network address
	Promo    string   // the code of a promotion as it was typed, "" for none
	Again    bool     // like an earlier order
	Extends  order.ID // whose voucher it lengthens, "" for one of its own
	RouterID string   // where that voucher is
}

// firstWait is how long the background waits before it opens the charge
// itself, in case the request that placed the order died on the way.
const firstWait = 3 * time.Second

// Place writes the order and then asks the gateway for the charge, for a moment.
// A gateway that fails or is slow does not fail Place: the order page says so and
// gets its code later. The same form sent twice gives the same order. Errors:
// Invalid with the form's field, NotFound (site), Conflict "order.nonce_reused",
// Conflict "device.banned", Conflict "order.online_off", Conflict "order.terms_changed" where price or terms are no longer what the
// form showed, Limited.
func (s *Service) Place(ctx context.Context, in PlaceIn) (order.Order, error) {
	site, plan, method, err := s.checkForm(ctx, &in)
	if err != nil {
		return order.Order{}, err
	}
	if o, found, err := s.placedBefore(ctx, in, method); found || err != nil {
		return o, err
	}
	priced, err := s.priceAgreed(ctx, in, site, plan, method)
	if err != nil {
		return order.Order{}, err
	}
	if err := s.vouchers.Banned(ctx, site.ID, in.Hints.MAC); err != nil {
		return order.Order{}, err
	}
	if err := s.allowOrder(ctx, in.Client); err != nil {
		return order.Order{}, err
	}
	if err := s.allowDevice(ctx, in, site); err != nil {
		return order.Order{}, err
	}
	if priced.Item.Free() {
		return s.placeFree(ctx, in, site, plan, priced)
	}
	giveBack, spent := s.allowCreate(ctx, s.clientKey(in.Client), false)
	o, a, err := s.insertOrder(ctx, in, site, plan, priced, method, spent == nil)
	if err != nil {
		giveBack()
	}
	if errors.Is(err, errPromotionGone) {
		now, err := s.priceAgreed(ctx, in, site, plan, method)
		if err != nil {
			return order.Order{}, err
		}
		return order.Order{}, ErrTermsChanged.With(&TermsNow{Item: now.Item})
	}
	if errors.Is(err, store.ErrOrderTaken) {
		// Two tabs sent the same form at once and the other one was first.
		if again, found, findErr := s.placedBefore(ctx, in, method); found || findErr != nil {
			return again, findErr
		}
	}
	if err != nil {
		return order.Order{}, fmt.Errorf("place order at %s: %w", in.SiteSlug, err)
	}
	priced.placed() // the limits of orders hold for it
	if err := s.firstCharge(ctx, o, a, spent); err != nil {
		s.Log.WarnContext(ctx, "charge not created yet", "order", o.ID, "error", err)
	}
	return o, nil
}

func (s *Service) checkForm(ctx context.Context, in *PlaceIn) (catalog.Site, catalog.Plan, payments.Method, error) {
	fail := func(err error) (catalog.Site, catalog.Plan, payments.Method, error) {
		return catalog.Site{}, catalog.Plan{}, "", err
	}
	site, err := s.Store.SiteBySlug(ctx, in.SiteSlug)
	if err != nil {
		return fail(err)
	}
	if site.Hidden {
		return fail(ErrSiteClosed)
	}
	plan, err := s.Store.Plan(ctx, in.PlanID)
	if fault.Is(err, fault.NotFound) || (err == nil && (plan.SiteID != site.ID || plan.Hidden)) {
		return fail(fault.AtField("plan", "order.plan_unknown"))
	}
	if err != nil {
		return fail(err)
	}
	method, ok := payments.ParseMethod(in.Method)
	if !ok {
		return fail(fault.AtField("method", "order.method_unknown"))
	}
	if in.Phone, ok = typed.Mobile(in.Phone); !ok {
		return fail(fault.AtField("phone", "order.phone_invalid"))
	}
	if !ledger.ValidNonce(in.Nonce) {
		return fail(fault.AtField("nonce", "order.form_stale"))
	}
	if in.Lang != "en" {
		in.Lang = "id"
	}
	in.Hints = ledger.CleanHints(in.Hints)
	return site, plan, method, nil
}

// priceAgreed says what is ordered, if that is what the form showed.
func (s *Service) priceAgreed(ctx context.Context, in PlaceIn, site catalog.Site, plan catalog.Plan, method payments.Method) (Priced, error) {
	priced, err := s.price(ctx, in, site, plan, method, true)
	if err != nil {
		return priced, err
	}
	if priced.Code != nil && !errors.Is(priced.Code, catalog.ErrPromotionBetter) {
		return priced, priced.Code
	}
	if !priced.Item.Free() {
		rules, err := s.MethodRules(ctx, site.ID)
		if err == nil {
			err = catalog.MayPayBy(rules, method, priced.Item.Due())
		}
		if err != nil {
			return priced, err
		}
	}
	if !priced.Item.Free() && !s.Online() {
		return priced, ErrOnlineOff
	}
	return priced, priced.agreed(in.Terms)
}

// Agreed checks that the terms a form showed are those of what is ordered.
func Agreed(shown string, now order.Item) error {
	if shown == "" || shown == now.Terms() {
		return nil
	}
	return ErrTermsChanged
}

// placedBefore finds the order of a form that was sent before. A form that comes
// back with another method, because the customer went back and chose again,
// changes the method of its order while that waits for money.
func (s *Service) placedBefore(ctx context.Context, in PlaceIn, method payments.Method) (order.Order, bool, error) {
	o, found, err := s.Store.OrderByNonce(ctx, in.Nonce)
	if err != nil || !found {
		return order.Order{}, false, err
	}
	first, err := s.Store.Attempt(ctx, o.ID, 1)
	free := o.Item.Free() && o.SellerID == ""
	if neverCharged(o, err) && !free {
		return order.Order{}, false, fault.New(fault.Conflict, "order.nonce_reused")
	}
	if err != nil && !free {
		return order.Order{}, false, err
	}
	// A page that the browser kept for a while may be the start of a second purchase. A free
	// order is delivered before a second tap arrives.
	over := o.Status == order.Activated && !free || o.Status == order.Refunded || o.Status == order.Cancelled
	if over || o.Item.PlanID != in.PlanID || o.Extends != in.Extends {
		return order.Order{}, false, fault.New(fault.Conflict, "order.nonce_reused")
	}
	if free {
		return o, true, nil
	}
	if in.Promo != "" && o.Item.Promotion.ID == "" && o.Payable() {
		return order.Order{}, false, fault.New(fault.Conflict, "order.nonce_reused") // a code was typed since
	}
	if shown, ok := order.ParseTerms(in.Terms); ok && method != first.Method && shown.Price < o.Item.Due() {
		return order.Order{}, false, fault.New(fault.Conflict, "order.nonce_reused") // another price was shown for this method
	}
	current := first
	if o.AttemptNo > 1 {
		if current, err = s.Store.Attempt(ctx, o.ID, o.AttemptNo); err != nil {
			return order.Order{}, false, err
		}
	}
	switch {
	case current.Method == method:
		return o, true, nil
	case o.Payable():
		if err := s.SwitchMethod(ctx, o.Token, string(method), in.Client); err != nil {
			return order.Order{}, false, err
		}
		return o, true, nil
	case first.Method == method:
		return o, true, nil
	}
	return order.Order{}, false, fault.New(fault.Conflict, "order.nonce_reused")
}

// insertOrder draws the codes and writes order, first attempt and fallback job
// in one transaction; taken codes are drawn again. Where the caller asks the gateway
// next, the attempt is leased to it.
func (s *Service) insertOrder(ctx context.Context, in PlaceIn, site catalog.Site, plan catalog.Plan, priced Priced, method payments.Method, lease bool) (o order.Order, a order.Attempt, err error) {
	for range ledger.Tries {
		if o, err = s.DrawOrder(in, site, plan); err != nil {
			return o, a, err
		}
		o.Item, o.Total = priced.Item, priced.Item.Due()
		if o.Item.Free() {
			method = payments.Free
		}
		err = s.Store.InTx(ctx, actor.Customer, func(tx *store.Tx) error {
			if in.Extends == "" {
				if err := KeepStock(ctx, tx, site, plan); err != nil {
					return err
				}
			}
			if err := ledger.FreeOfStock(ctx, tx, o.Username); err != nil {
				return err
			}
			if err := s.roomForUnpaid(ctx, tx, o); err != nil {
				return err
			}
			last, err := s.takePromotion(ctx, tx, priced, o.Client)
			if err != nil {
				return err
			}
			if err := s.ledger.Begin(ctx, tx, &o); err != nil {
				return err
			}
			if err := s.keepPromotion(ctx, tx, o, priced); err != nil {
				return err
			}
			if last {
				tx.AfterCommit(func() { ledger.CatalogueChanged(ctx, s.Cache) })
			}
			about := map[string]any{"code": string(o.Code), "site": site.ID, "plan": plan.ID, "total": int64(o.Total), "method": string(method)}
			if o.Item.Promotion.ID != "" {
				about["promotion"], about["discount"] = o.Item.Promotion.ID, int64(o.Item.Discount)
			}
			tx.Audit("order.place", "order:"+string(o.ID), about)
			if o.Item.Free() {
				return s.recordFreePayment(ctx, tx, &o)
			}
			a, err = s.addAttempt(ctx, tx, o, method, o.Total, lease)
			return err
		})
		var taken *store.Taken
		if errors.As(err, &taken) && taken.Column != "nonce" {
			continue
		}
		return o, a, err
	}
	return o, a, fault.New(fault.Internal, "order.no_free_code")
}

// DrawOrder makes an order of a form, with its code, token and credentials; nothing is stored.
func (s *Service) DrawOrder(in PlaceIn, site catalog.Site, plan catalog.Plan) (order.Order, error) {
	o := order.Order{SiteID: site.ID, Channel: order.Online, Lang: in.Lang, Phone: in.Phone, Item: plan.Item(site), Total: plan.Price, Hints: in.Hints, Nonce: in.Nonce, AttemptNo: 1,
		Client: s.clientKey(in.Client), Extends: in.Extends, RouterID: in.RouterID}
	if err := s.ledger.DrawCode(&o); err != nil {
		return o, err
	}
	return o, s.ledger.DrawCredentials(&o)
}

// addAttempt writes the attempt numbered o.AttemptNo and the job that opens its charge
// unless the request does, to which it may be leased.
func (s *Service) addAttempt(ctx context.Context, tx *store.Tx, o order.Order, method payments.Method, amount money.Rupiah, lease bool) (a order.Attempt, err error) {
	a = order.Attempt{
		ID: tx.NewID(), OrderID: o.ID, No: o.AttemptNo, Method: method, Amount: amount, Reference: order.Reference(o.Code, o.AttemptNo),
		Key: order.AttemptKey(o.ID, o.AttemptNo), State: order.Creating, ExpiresAt: o.ExpiresAt, CreatedAt: tx.Now(),
	}
	if lease {
		a.AskedAt = tx.Now()
		err = tx.InsertLeasedAttempt(ctx, a, soonUntil(a.AskedAt))
	} else {
		err = tx.InsertAttempt(ctx, a)
	}
	if err != nil {
		return a, err
	}
	return a, s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.ChargeCreate, Queue: jobs.QueueCharge, Subject: string(o.ID), DueAt: tx.Now().Add(firstWait)})
}
