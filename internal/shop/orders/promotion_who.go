package orders

import (
	"context"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/store"
)

// mayUse asks of promotions whether they are for a customer.
type mayUse struct {
	s        *Service
	in       PlaceIn
	site     catalog.Site
	who      store.Customer
	ordering bool
	giveBack func() // what asking took; nil where nothing was asked
}

// by says why a promotion is not for the customer, nil where it is. Unless an order is to be
// placed it is not said whether they did anything before; a code's price is then shown for
// those whom it is for. Errors: Limited "limit.promotion".
func (m *mayUse) by(ctx context.Context, p catalog.Promotion) (refused, err error) {
	if m.ordering {
		if refused, err = m.s.hoarded(ctx, m.s.Store, p, m.s.clientKey(m.in.Client)); refused != nil || err != nil {
			return refused, err
		}
	}
	if !p.Personal() {
		return nil, nil
	}
	if err := p.Asks(m.who.Phone != "", m.who.Device != ""); err != nil {
		return err, nil
	}
	if !m.ordering {
		if p.Code == "" && !p.ShownToAll() {
			return catalog.ErrPromotionWho, nil
		}
		return nil, nil
	}
	if m.giveBack == nil {
		giveBack, err := m.s.allowPromotion(ctx, askedHistory, m.in.Client, m.site.ID, m.who.Device)
		switch {
		case err != nil && p.Code == "": // who typed no code orders without
			return catalog.ErrPromotionWho, nil
		case err != nil:
			return nil, err
		}
		m.giveBack = giveBack
	}
	history, err := m.s.Store.HistoryOf(ctx, p, m.who, !m.s.Live())
	if err != nil {
		return nil, err
	}
	return p.MayUseBy(history), nil
}

// hoardShare is the part of a promotion's uses that unpaid orders of one client may hold, and
// leastHoard the least that this is.
const (
	hoardShare = 10
	leastHoard = 3
)

// unpaidUses counts them, within or outside a transaction.
type unpaidUses interface {
	UnpaidUses(ctx context.Context, promotionID, client string, now time.Time) (int64, error)
}

// hoarded says that unpaid orders of a client hold as many uses of a limited promotion as they
// may: those who order to keep others from it would pay nothing for that. They are free again
// when the orders are paid or expire.
func (s *Service) hoarded(ctx context.Context, from unpaidUses, p catalog.Promotion, client string) (refused, err error) {
	if p.MostUses == 0 || client == "" {
		return nil, nil
	}
	n, err := from.UnpaidUses(ctx, p.ID, client, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	if n >= max(leastHoard, p.MostUses/hoardShare) {
		return catalog.ErrPromotionUnpaid, nil
	}
	return nil, nil
}
