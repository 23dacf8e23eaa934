package routers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
)

// mostOrphans is how many an alert names; there are more only after an old database
// was restored.
const mostOrphans = 20

// ListOrphans tells a person about users on a router that carry our mark while
// no paid order stands behind them, and removes none: such a user may be all
// that is left of a sale after a database was restored from an old copy.
func (s *Service) ListOrphans(ctx context.Context, r catalog.Router, rows []hotspot.Found) error {
	var orphans []string
	for _, u := range rows {
		_, code, marked := strings.Cut(u.Comment, "-"+ledger.OrderMark)
		if !marked {
			continue
		}
		paid, err := s.paidFor(ctx, code, u.Name)
		if err != nil {
			return fmt.Errorf("compare users of router %s: %w", r.ID, err)
		}
		if !paid {
			orphans = append(orphans, u.Name)
		}
	}
	if len(orphans) == 0 {
		return s.ledger.CloseAlert(ctx, "orphan_users", r.ID)
	}
	slices.Sort(orphans)
	return s.ledger.Alert(ctx, "orphan_users", r.ID, fmt.Sprintf("%d: %s", len(orphans), strings.Join(orphans[:min(len(orphans), mostOrphans)], " ")))
}

// paidFor reports whether money ever came for the order that a user's comment
// names, or whether that cannot be told from the comment any more.
func (s *Service) paidFor(ctx context.Context, code, user string) (bool, error) {
	c, ok := order.ParseCode(code)
	if !ok {
		return true, nil // the comment was edited; the name alone decides nothing
	}
	o, err := s.Store.OrderByCode(ctx, c)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !o.PaidAt.IsZero() && o.Username == user, nil
}
