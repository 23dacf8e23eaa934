package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// openLife is how long a count of open alerts is kept: it stands on every page of the panel.
const openLife = 5 * time.Second

// maxOpen bounds for how many sets of sites and kinds a count is kept.
const maxOpen = 64

// CountOpen counts the open alerts of some kinds at some sites, none meaning all, up to
// most. The count is at most openLife old.
func (s *Service) CountOpen(ctx context.Context, sites, kinds []string, most int) (int, error) {
	sites, kinds = slices.Sorted(slices.Values(sites)), slices.Sorted(slices.Values(kinds))
	n, err := s.open.Get(ctx, strings.Join(sites, ",")+" "+strings.Join(kinds, ","), func(ctx context.Context) (int, error) {
		return s.Store.CountOpenAlerts(ctx, sites, kinds, most)
	})
	if err != nil {
		return 0, fmt.Errorf("count open alerts: %w", err)
	}
	return min(n, most), nil
}
