package catalog

import (
	"slices"

	"gerai/internal/fault"
)

// ErrPromotionOver: staff ended it, and what was ended does not begin again.
var ErrPromotionOver = fault.New(fault.Conflict, "promotion.over")

// MayEditPromotion says why a promotion cannot be changed or ended, or nil. Errors: Conflict
// "promotion.over".
func MayEditPromotion(p Promotion) error {
	if !p.EndedAt.IsZero() {
		return ErrPromotionOver
	}
	return nil
}

// Touches reports whether the promotion is for one of some sites; none are all.
func (p Promotion) Touches(sites []string) bool {
	return len(sites) == 0 || len(p.Sites) == 0 || slices.ContainsFunc(p.Sites, func(id string) bool { return slices.Contains(sites, id) })
}

// Within reports whether the promotion is for some sites alone; none are all.
func (p Promotion) Within(sites []string) bool {
	if len(sites) == 0 {
		return true
	}
	return len(p.Sites) > 0 && !slices.ContainsFunc(p.Sites, func(id string) bool { return !slices.Contains(sites, id) })
}
