package orders

import (
	"context"
	"errors"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/fault"
)

// promotionOfCode finds the promotion of the code that a form brings. Only codes that no
// promotion has cost something. A client pays for its own; of the devices behind one address
// each has a share, and beyond it what the address has to spare. Guesses of all
// clients together leave each one try in a while. Errors: Invalid "promotion.unknown" at
// "promo", Limited "limit.promotion".
func (s *Service) promotionOfCode(ctx context.Context, all []catalog.Promotion, in PlaceIn, site catalog.Site) (catalog.Promotion, error) {
	giveBack, err := s.allowPromotionGuess(ctx, in, site.ID)
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

// allowPromotionGuess takes one guess. giveBack returns what a known code took.
func (s *Service) allowPromotionGuess(ctx context.Context, in PlaceIn, siteID string) (giveBack func(), err error) {
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
		ok, after := s.Cache.Allow(ctx, key, l)
		if !ok {
			return fault.TooOften("limit.promotion", after)
		}
		taken = append(taken, take{key, l})
		return nil
	}
	client, rules := "promotion:client:"+in.Client, s.Limits.PromotionsPerClient
	if err = try(client, rules); err == nil && in.Hints.MAC != "" {
		if err = try("promotion:device:"+in.Client+":"+siteID+":"+in.Hints.MAC, s.Limits.PromotionsPerDevice); err != nil {
			err = try("promotion:spare:"+in.Client, part(rules, deviceSpare))
		}
	}
	if err == nil {
		if try("promotion:guessed", s.Limits.PromotionsGuessed) != nil {
			err = try("promotion:strict:"+in.Client, s.Limits.PromotionsStrict)
		}
	}
	if err != nil {
		giveBack() // what was refused takes nothing from the others
		return nil, err
	}
	return giveBack, nil
}
