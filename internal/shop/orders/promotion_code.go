package orders

import (
	"context"
	"errors"
	"strings"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/fault"
)

// promotionOfCode finds the promotion of the code that a form brings. Only codes that no
// promotion has cost something. Errors: Invalid "promotion.unknown" at "promo", Limited
// "limit.promotion".
func (s *Service) promotionOfCode(ctx context.Context, all []catalog.Promotion, in PlaceIn, site catalog.Site, device string) (catalog.Promotion, error) {
	giveBack, err := s.allowPromotion(ctx, guessedCode, in.Client, site.ID, device)
	if err != nil {
		return catalog.Promotion{}, err
	}
	code, ok := catalog.ParsePromotionCode(in.Promo)
	if !ok {
		return catalog.Promotion{}, catalog.ErrNoPromotion
	}
	p, err := catalog.ByCode(all, code)
	if !errors.Is(err, catalog.ErrNoPromotion) {
		giveBack()
	}
	return p, err
}

// What is counted against a client's share.
const (
	// guessedCode is a code that no promotion has.
	guessedCode = "promotion:"
	// askedHistory is an answer that depends on what a phone number or a device did before,
	// without an order.
	askedHistory = "promotion:asked:"
)

// allowPromotion takes one try of a share. A device that a router lists has one of its own:
// the address that a browser claims can be invented, so all others behind one network address
// have one together, and beyond its own a device is served from that. Tries of all clients
// together leave each one in a while. giveBack returns what was taken. Errors: Limited
// "limit.promotion".
func (s *Service) allowPromotion(ctx context.Context, what, client, siteID, device string) (giveBack func(), err error) {
	type take struct {
		key   string
		limit cache.Limit
	}
	var taken []take
	giveBack = func() {
		for _, t := range taken {
			s.Cache.GiveBack(ctx, t.key, t.limit)
		}
	}
	try := func(key string, l cache.Limit) error {
		ok, after := s.Cache.Allow(ctx, what+key, l)
		if !ok {
			return fault.TooOften("limit.promotion", after)
		}
		taken = append(taken, take{what + key, l})
		return nil
	}
	if strings.HasPrefix(client, staffClient) { // known by name, and no part of what strangers share
		if err := try("account:"+client, s.Limits.PromotionsPerStaff); err != nil {
			return nil, err
		}
		return giveBack, nil
	}
	own := false
	if device != "" {
		own = try("device:"+siteID+":"+device, s.Limits.PromotionsPerDevice) == nil
	}
	if !own {
		err = try("client:"+client, s.Limits.PromotionsPerClient)
	}
	if err == nil && try("guessed", s.Limits.PromotionsGuessed) != nil {
		err = try("strict:"+client+":"+device, s.Limits.PromotionsStrict)
	}
	if err != nil {
		giveBack() // what was refused takes nothing from the others
		return nil, err
	}
	return giveBack, nil
}
