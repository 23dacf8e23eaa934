package store

import (
	"context"
	"fmt"

	"gerai/internal/voucher"
)

var (
	sqlOutletCounts   = request(`SELECT state, COUNT(*) FROM vouchers WHERE outlet_id = $1 GROUP BY state`)
	sqlOutletCountsOf = request(`SELECT state, COUNT(*) FROM vouchers WHERE outlet_id = $1 AND site_id = $2 GROUP BY state`)
)

// OutletCounts counts an outlet's vouchers by state, those of some sites or
// with none all of them.
func (r reads) OutletCounts(ctx context.Context, id string, sites ...string) (map[voucher.State]int, error) {
	out := map[voucher.State]int{}
	add := func(s scanner) (voucher.State, error) {
		var state voucher.State
		var n int
		err := s.Scan(&state, &n)
		out[state] += n
		return state, err
	}
	if len(sites) == 0 {
		_, err := queryAll(ctx, r.q, add, sqlOutletCounts, id)
		return out, err
	}
	for _, site := range sites {
		if _, err := queryAll(ctx, r.q, add, sqlOutletCountsOf, id, site); err != nil {
			return nil, fmt.Errorf("count vouchers of outlet %s: %w", id, err)
		}
	}
	return out, nil
}
