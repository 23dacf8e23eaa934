package orders

import (
	"context"
	"time"

	"gerai/internal/catalog"
)

// RouterAway reports whether the router that new orders of a site go to does not
// answer, and when it last did.
func (s *Service) RouterAway(ctx context.Context, site catalog.Site) (away bool, seen time.Time, err error) {
	routers, err := s.Store.RoutersOf(ctx, site.ID)
	if err != nil {
		return false, time.Time{}, err
	}
	states, err := s.Store.RouterStates(ctx)
	if err != nil {
		return false, time.Time{}, err
	}
	for _, r := range site.StandIns(routers) {
		for _, st := range states {
			if st.ID != r.ID {
				continue
			}
			if st.Failure == "" {
				return false, time.Time{}, nil
			}
			if away = true; st.SeenAt.After(seen) {
				seen = st.SeenAt
			}
		}
	}
	return away, seen, nil
}
