package reports

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/report"
	"gerai/internal/store"
)

// Export records in the audit trail who exports what; it is called before the first
// row is sent.
func (s *Service) Export(ctx context.Context, by actor.Actor, what, format string, f report.Filter) error {
	detail := map[string]any{"format": format, "from": string(f.From), "to": string(f.To)}
	for name, value := range map[string]string{"site": f.Site, "plan": f.Plan, "channel": string(f.Channel), "method": string(f.Method), "redeem": string(f.Redeem)} {
		if value != "" {
			detail[name] = value
		}
	}
	if len(f.Sites) > 0 {
		detail["sites"] = f.Sites
	}
	if f.Validity != nil {
		detail["validity"] = f.Validity.String()
	}
	err := s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("report.export", "report:"+what, detail)
		return nil
	})
	if err != nil {
		return fmt.Errorf("note export of %s: %w", what, err)
	}
	return nil
}

// EachOrder calls fn for the orders created on the days of a filter that match it,
// the oldest first. Errors: Invalid "report.range" at "from".
func (s *Service) EachOrder(ctx context.Context, f report.Filter, fn func(store.OrderRow) error) error {
	if f.From > f.To || f.From.Days(f.To) > longestReport {
		return fault.AtField("from", "report.range")
	}
	return s.Store.EachOrder(ctx, f.From.Start(s.Zone), f.To.End(s.Zone), s.Clock.Now(), func(o store.OrderRow) error {
		c := report.Cell{Day: f.From, SiteID: o.SiteID, PlanID: o.PlanID, Method: o.Method, Test: o.Test, Validity: o.Validity, Redeem: o.Redeem}
		if !f.Matches(c) {
			return nil
		}
		return fn(o)
	})
}
