package orders

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/payments"
)

// promotionMemory is for how long the code of a promotion that is over is told apart from one
// that never was.
const promotionMemory = 30 * 24 * time.Hour

// TermsNow goes with ErrTermsChanged: what would be ordered now.
type TermsNow struct{ Item order.Item }

// Error says what it costs.
func (t *TermsNow) Error() string { return "it is " + t.Item.Due().String() }

// Priced is what a plan costs one customer.
type Priced struct {
	Item  order.Item // as it is ordered
	Shown order.Item // as pages show it to anyone
	// Code is why the code that was typed makes it no cheaper, nil where it does, or where
	// none was typed.
	Code error
	by   catalog.Promotion // zero for none
	who  store.Customer
	// placed gives back what asking about the customer took, where an order came of it.
	placed func()
}

// Personal reports whether it depends on who orders, which is looked up when they do.
func (p Priced) Personal() bool { return p.by.Personal() }

// Price says what a plan costs the sender of a form, with the code that was typed. What a
// customer did before is not looked up: the answer is the same for every phone number that a
// stranger may type. Errors: Invalid with the form's field, NotFound (site), Limited
// "limit.promotion".
func (s *Service) Price(ctx context.Context, in PlaceIn) (Priced, error) {
	site, plan, method, err := s.checkForm(ctx, &in)
	if err != nil {
		return Priced{}, err
	}
	return s.price(ctx, in, site, plan, method, false)
}

// Promotions are those that plans may be cheaper by, now or soon, and those that are over
// since a while ago.
func (s *Service) Promotions(ctx context.Context) ([]catalog.Promotion, error) {
	return s.Store.PromotionsSince(ctx, s.Clock.Now().Add(-promotionMemory))
}

// Purchase is one of a plan at this moment by someone of whom nothing is known.
func (s *Service) Purchase(site catalog.Site, plan catalog.Plan, method payments.Method) catalog.Purchase {
	return catalog.Purchase{Site: site, Plan: plan, Method: method, At: s.Clock.Now(), Zone: site.Zone(s.Zone)}
}

// PlanPrice is what a plan costs by one way to pay.
type PlanPrice struct {
	Method payments.Method
	Item   order.Item
}

// Prices are what a plan costs anyone, by each way to pay that is offered for that price, by none
// while no gateway is connected unless it costs nothing; dearer are the rules of those that are
// offered for more only.
func (s *Service) Prices(site catalog.Site, plan catalog.Plan, promotions []catalog.Promotion, rules []catalog.MethodRule) (out []PlanPrice, dearer []catalog.MethodRule) {
	online := s.Online()
	for _, r := range rules {
		item := plan.Item(site)
		if len(promotions) > 0 {
			item = catalog.Shown(promotions, s.Purchase(site, plan, r.Method))
		}
		switch err := catalog.MayPayBy(rules, r.Method, item.Due()); {
		case item.Free(), online && err == nil:
			out = append(out, PlanPrice{r.Method, item})
		case online && errors.Is(err, catalog.ErrMethodMinimum):
			dearer = append(dearer, r)
		}
	}
	return out, dearer
}

// MethodRules are the rules of ways to pay that hold at a site.
func (s *Service) MethodRules(ctx context.Context, siteID string) ([]catalog.MethodRule, error) {
	all, err := s.Store.PaymentMethods(ctx)
	return all.Of(siteID, s.VAMinimum), err
}

// price finds the best promotion. Where an order is to be placed, ordering, it is looked up
// whether those that ask who buys are for the customer.
func (s *Service) price(ctx context.Context, in PlaceIn, site catalog.Site, plan catalog.Plan, method payments.Method, ordering bool) (Priced, error) {
	plain := plan.Item(site)
	out := Priced{Item: plain, Shown: plain, who: store.Customer{Phone: in.Phone}, placed: func() {}}
	all, err := s.Promotions(ctx)
	if err != nil || len(all) == 0 && in.Promo == "" {
		return out, err
	}
	b := s.Purchase(site, plan, method)
	b.Again = in.Again || in.Extends != ""
	out.Shown = catalog.Shown(all, b)
	if in.Promo != "" || slices.ContainsFunc(all, catalog.Promotion.Personal) {
		if out.who.Device, err = s.vouchers.DeviceSeen(ctx, site, in.Hints); err != nil {
			return out, err
		}
	}
	if in.Promo != "" {
		coded, err := s.promotionOfCode(ctx, all, in, site, out.who.Device)
		if err != nil && !errors.Is(err, catalog.ErrNoPromotion) {
			return out, err
		}
		if err == nil {
			b.Code, err = coded.Code, coded.MayUse(b)
		}
		out.Code = err
	}
	ask := mayUse{s: s, in: in, site: site, who: out.who, ordering: ordering}
	for _, p := range catalog.Open(all, b) {
		refused, err := ask.by(ctx, p)
		if err != nil {
			return out, err
		}
		if refused != nil {
			if p.Code != "" {
				out.Code = refused
			}
			continue
		}
		if b.Code != "" && p.Code == "" && out.Code == nil {
			out.Code = catalog.ErrPromotionBetter
		}
		out.by = p
		out.Item, _ = p.On(plain)
		break
	}
	if ask.giveBack != nil {
		out.placed = ask.giveBack
	}
	return out, nil
}

// priceAgain is what pages show of a plan to who ordered it before and may do so again.
func (s *Service) priceAgain(ctx context.Context, o order.Order, a order.Attempt, site catalog.Site, plan catalog.Plan) (order.Item, error) {
	all, err := s.Promotions(ctx)
	if err != nil || len(all) == 0 {
		return plan.Item(site), err
	}
	first := a.Method
	if o.AttemptNo > 1 {
		one, err := s.Store.Attempt(ctx, o.ID, 1)
		if err != nil && !neverCharged(o, err) {
			return plan.Item(site), err
		}
		first = one.Method
	}
	if _, online := payments.ParseMethod(string(first)); !online {
		first = payments.QRIS
	}
	b := s.Purchase(site, plan, first)
	b.Again = true
	return catalog.Shown(all, b), nil
}

// agreed checks that what a form showed is what would be ordered. A form that showed the price
// for anyone is agreed to where the customer's own is lower, by a code that was typed or
// by a promotion that asks who buys.
func (p Priced) agreed(shown string) error {
	if Agreed(shown, p.Item) == nil || Agreed(shown, p.Shown) == nil && p.Item.Due() < p.Shown.Due() {
		return nil
	}
	return ErrTermsChanged.With(&TermsNow{Item: p.Item})
}

// errPromotionGone: a promotion ended, changed or was used up between pricing and placing.
var errPromotionGone = fault.New(fault.Conflict, "order.terms_changed")

// takePromotion takes the use that an order needs. Orders under one promotion wait here for
// each other, so that what was counted holds.
func (s *Service) takePromotion(ctx context.Context, tx *store.Tx, p Priced, client string) (last bool, err error) {
	if p.Item.Promotion.ID == "" {
		return false, nil
	}
	if p.by.First {
		if err := tx.LockFirstPurchases(ctx); err != nil {
			return false, err
		}
	}
	taken, last, err := tx.TakePromotion(ctx, p.by)
	if err != nil {
		return last, err
	}
	if !taken {
		return last, errPromotionGone
	}
	if refused, err := s.hoarded(ctx, tx, p.by, client); err != nil || refused != nil {
		return last, cmp.Or(err, error(errPromotionGone))
	}
	if p.by.Personal() {
		history, err := tx.HistoryOf(ctx, p.by, p.who, !s.Live())
		if err != nil {
			return last, err
		}
		if p.by.MayUseBy(history) != nil {
			return last, errPromotionGone
		}
	}
	return last, nil
}

// keepPromotion notes whose use an order took. Nothing of the customer is kept
// for promotions without limits for each customer.
func (s *Service) keepPromotion(ctx context.Context, tx *store.Tx, o order.Order, p Priced) error {
	switch {
	case p.Item.Promotion.ID == "":
		return nil
	case p.by.Personal():
		return tx.KeepPromotionUse(ctx, o, p.who)
	}
	return tx.KeepPromotionUse(ctx, o, store.Customer{})
}
