package web

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"gerai/internal/catalog"
	"gerai/templates"
)

// ParseValidity reads how long a plan is valid, in whole minutes as addresses
// carry it; 0 is for ever.
func ParseValidity(s string) (time.Duration, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Duration(n) * time.Minute, err == nil && n >= 0 && n < 1<<30
}

// Minutes is a duration in whole minutes, as forms hold it.
func Minutes(v time.Duration) string { return strconv.FormatInt(int64(v/time.Minute), 10) }

// Lasting are how long the plans of some sites are valid, the shortest first
// and for ever last.
func Lasting(p templates.Panel, plans []catalog.Plan, served map[string]string) (out []templates.Choice) {
	var all []time.Duration
	for _, x := range plans {
		if _, mine := served[x.SiteID]; mine {
			all = append(all, x.Validity)
		}
	}
	slices.SortFunc(all, func(a, b time.Duration) int { return cmp.Compare(uint64(a-1), uint64(b-1)) })
	for _, v := range slices.Compact(all) {
		out = append(out, templates.Choice{Value: Minutes(v), Name: p.Validity(v)})
	}
	return out
}
